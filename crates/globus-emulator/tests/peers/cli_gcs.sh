# The unmodified command line client, $1, manages collections of Globus Connect Server as a program that administers their
# endpoint.
set -eu
globus=$1
endpoint=59544bb0-8aa3-4c73-9ce4-06d66887bc89
mapped=a1c2f515-254a-48a1-a5de-3ea51d783638
gateway=1b949deb-d608-403c-a226-a533892789c6
subscription=5ab5c000-5eed-4000-8000-000000000001
alice=a11ce000-5eed-4000-8000-000000000001

id() { "$globus" "$@" --jmespath id --format unix; }
fails() { # CODE TEXT COMMAND...
    code=$1 text=$2
    shift 2
    status=0
    said=$("$@" 2>&1) || status=$?
    case $status:$said in
    "$code":*"$text"*) ;;
    *) echo "wanted $code and '$text', got $status: $said" && exit 1 ;;
    esac
}

"$globus" gcs endpoint show "$endpoint" | grep -q 'Example Endpoint'
"$globus" gcs endpoint update "$endpoint" --description 'Kept by the lab' | grep -q 'Kept by the lab'
"$globus" gcs endpoint role list "$endpoint" | grep -q administrator
role=$(id gcs endpoint role create "$endpoint" activity_manager researcher@example.org)
"$globus" gcs endpoint role show "$endpoint" "$role" | grep -q researcher@example.org
"$globus" gcs endpoint role delete "$endpoint" "$role"
fails 1 not_found "$globus" gcs endpoint role show "$endpoint" "$role"
"$globus" gcs endpoint set-subscription-id "$endpoint" null | grep -q Updated
fails 1 permission_denied "$globus" gcs endpoint set-subscription-id "$endpoint" "$subscription"

"$globus" collection list "$endpoint" | grep -q "$mapped"
"$globus" collection list "$endpoint" --filter mapped-collections | grep -q 'Example Collection'
"$globus" collection show "$mapped" | grep -q 'Example Collection'
"$globus" collection show "$mapped" --include-private-policies | grep -q 'Root Path'
"$globus" collection update "$mapped" --user-message 'Mind the step' | grep -q success
"$globus" collection show "$mapped" | grep -q 'Mind the step'
made=$(id collection create mapped "$endpoint" --base-path / --storage-gateway-id "$gateway" 'Made by hand')
"$globus" collection show "$made" | grep -q 'Made by hand'
fails 3 'run the following command' "$globus" endpoint show "$made"
fails 1 conflict "$globus" collection delete "$made"
"$globus" api gcs "$endpoint" PATCH "/collections/$made" \
    --body '{"DATA_TYPE": "collection#1.8.0", "collection_type": "mapped", "delete_protected": false}' | grep -q success
"$globus" collection delete "$made"
fails 1 EndpointDeleted "$globus" collection show "$made"

guest=$(id collection create guest "$mapped" /shared/ 'A guest' --description 'For all')
"$globus" ls "$guest:/" | grep -q readme.txt
"$globus" collection role list "$guest" | grep -q administrator
held=$("$globus" collection role list "$guest" --all-roles --jmespath 'data[0].id' --format unix)
"$globus" collection role show "$guest" "$held" | grep -q administrator
"$globus" endpoint permission create "$guest:/" --identity "$alice" --permissions r | grep -q created
"$globus" collection role delete "$guest" "$held"
"$globus" collection delete "$guest"
echo "all is well"
