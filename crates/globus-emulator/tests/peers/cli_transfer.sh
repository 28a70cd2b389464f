# The unmodified command line client, $1, moves files and manages collections as the seeded program. $2 and $3 are the
# folders of its own collection and of the first tutorial collection, $4 that of the second.
set -eu
globus=$1 own_folder=$2 one_folder=$3 two_folder=$4
own=e4d90000-5eed-4000-8000-000000000001
guest=e4d90000-5eed-4000-8000-000000000002
laptop=e4d90000-5eed-4000-8000-000000000003
one=6c54cade-bde5-45c1-bdea-f4bd71dba2cc
two=31ce9ba0-176d-45a5-add3-f37d233ba47d
subscription=5ab5c000-5eed-4000-8000-000000000001
point=57ea3000-5eed-4000-8000-000000000001
other_point=57ea3000-5eed-4000-8000-000000000002
control=${GLOBUS_SDK_SERVICE_URL_AUTH}_emulator

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
task() { "$globus" "$@" --jmespath task_id --format unix; }
post() { python=${globus%/*}/python && "$python" -c 'import sys, urllib.request as r; r.urlopen(r.Request(sys.argv[1], sys.argv[2].encode()))' "$control/$1" "$2"; }

"$globus" endpoint search tutorial | grep -q "$one"
"$globus" endpoint search --filter-scope my-endpoints | grep -q 'Emulator Program Workspace'

# Without a path the home folder is meant. A program consents by itself when the service asks.
[ "$("$globus" ls "$one:/share/godata/")" = "$(printf 'file1.txt\nfile2.txt\nfile3.txt')" ]
[ "$("$globus" ls "$one:/share/godata/" --filter '~*2.txt')" = file2.txt ]
"$globus" ls "$one:/share/" -r | grep -q 'godata/file3.txt'
"$globus" ls -l "$one:/share/godata/" | grep -q 'file1.txt'
"$globus" ls "$two"
"$globus" mkdir "$own:/made"
[ -d "$own_folder/made" ]
"$globus" stat "$own:/notes.txt" | grep -q 'file'
"$globus" stat "$own:/nothing" | grep -q 'Nothing found'
"$globus" rename "$own" /notes.txt /made/notes.txt
[ -f "$own_folder/made/notes.txt" ]
fails 1 ClientError.NotFound "$globus" ls "$own:/nothing"
fails 1 ExternalError.MkdirFailed.Exists "$globus" mkdir "$own:/made"
fails 1 PermissionDenied "$globus" ls "$laptop:/"
fails 1 ClientError.BadRequest "$globus" ls "$own:/made/../made"
post collections "{\"id\": \"$own\", \"connected\": false}"
fails 1 GCDisconnected "$globus" ls "$own:/"
fails 1 GCDisconnectedException "$globus" transfer "$own:/made/notes.txt" "$own:/x"
post collections "{\"id\": \"$own\", \"connected\": true}"

# A file, the same submission again, a folder, a batch.
submission=$("$globus" task generate-submission-id)
first=$(task transfer "$one:/share/godata/file1.txt" "$two:/~/x" --sync-level checksum --submission-id "$submission" --label 'a file')
"$globus" task wait "$first" --polling-interval 1 --timeout 60
cmp "$one_folder/share/godata/file1.txt" "$two_folder"/home/*/x
"$globus" task show "$first" | grep -q SUCCEEDED
"$globus" task show --successful-transfers "$first" | grep -q 5bbf5a52328e7439ae6e719dfe712200
again=$(task transfer "$one:/share/godata/file1.txt" "$two:/~/x" --sync-level checksum --submission-id "$submission" --label 'a file')
[ "$again" = "$first" ]
id=$(task transfer -r "$one:/home/share/" "$own:/all/" --include '*3.txt' --exclude '*.txt' --notify off)
"$globus" task wait "$id" --polling-interval 1 --timeout 60
cmp "$one_folder/home/share/godata/file3.txt" "$own_folder/all/godata/file3.txt"
[ ! -e "$own_folder/all/godata/file1.txt" ]
printf 'file1.txt one.txt\nfile2.txt two.txt\n' >"$HOME/batch"
id=$(task transfer --batch "$HOME/batch" "$one:/share/godata/" "$own:/batch/")
"$globus" task wait "$id" --polling-interval 1 --timeout 60
cmp "$one_folder/share/godata/file2.txt" "$own_folder/batch/two.txt"
id=$(task transfer "$guest:/summary.txt" "$own:/summary.txt")
"$globus" task wait "$id" --polling-interval 1 --timeout 60
cmp "$own_folder/results/summary.txt" "$own_folder/summary.txt"

# What fails says so.
id=$(task transfer "$own:/nothing" "$own:/x")
fails 1 '' "$globus" task wait "$id" --polling-interval 1 --timeout 60
"$globus" task show "$id" | grep -q FAILED
"$globus" task event-list "$id" | grep -q FILE_NOT_FOUND
"$globus" task event-list --filter-errors "$id" | grep -q FILE_NOT_FOUND

# Deleting, by task and at once.
id=$(task delete -r "$own:/batch")
"$globus" task wait "$id" --polling-interval 1 --timeout 60
[ ! -e "$own_folder/batch" ]
"$globus" rm -r "$own:/all" --timeout 60
[ ! -e "$own_folder/all" ]
"$globus" rm "$own:/nothing" --ignore-missing --timeout 60

# Lists, updates, cancellation.
"$globus" task list | grep -q "$first"
[ "$("$globus" task list --filter-label 'a f*' --filter-status SUCCEEDED --jmespath 'DATA[].task_id' --format unix)" = "$first" ]
post tasks '{"hold": true}'
id=$(task transfer "$own:/summary.txt" "$own:/held")
"$globus" task update "$id" --label held
[ "$("$globus" task list --filter-status ACTIVE --jmespath 'DATA[].label' --format unix)" = held ]
"$globus" task pause-info "$id"
"$globus" task cancel "$id" | grep -q 'cancelled successfully'
fails 1 '' "$globus" task wait "$id" --polling-interval 1 --timeout 60
id=$(task transfer "$own:/summary.txt" "$own:/held")
"$globus" task cancel --all | grep -q "$id"
post tasks '{"hold": false}'
[ ! -e "$own_folder/held" ]

# Collections: made, switched on, changed, subscribed, shared, deleted.
get() { query=$1 && shift && "$globus" "$@" --jmespath "$query" --format unix; }
mapped=$(get id gcp create mapped 'New Laptop' --description 'made here' --public)
"$globus" gcp create mapped 'Other Laptop' | grep -q 'Setup Key'
fails 1 GCDisconnected "$globus" ls "$mapped:/"
post collections "{\"id\": \"$mapped\", \"connected\": true}"
"$globus" ls "$mapped:/"
"$globus" gcp update mapped "$mapped" --display-name 'Newer Laptop' --keywords one,two --force-encryption | grep -q 'updated successfully'
"$globus" endpoint show "$mapped" | grep -q 'Newer Laptop'
"$globus" gcp set-subscription-id "$own" null | grep -q 'updated successfully'
fails 1 NotSupported "$globus" gcp create guest Shared "$own:/made/"
fails 1 PermissionDenied "$globus" gcp set-subscription-id "$own" "$subscription"
python=${globus%/*}/python
as_admin() { # METHOD PATH BODY
    "$python" -c '
import json, sys, urllib.request as r
control, method, path, body = sys.argv[1:]
asked = json.dumps({"identity": "admin", "scopes": ["urn:globus:auth:scope:transfer.api.globus.org:all"]}).encode()
token = json.load(r.urlopen(r.Request(control + "/tokens", asked)))["access_token"]
headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}
url = control.replace("_emulator", "v0.10/") + path
r.urlopen(r.Request(url, body.encode(), headers, method=method))' "$control" "$@"
}
as_admin PUT "endpoint/$own/subscription" '{"subscription_id": "DEFAULT"}'
fails 1 PermissionDenied "$globus" gcp set-subscription-admin-verified "$own" true
"$globus" gcp set-subscription-admin-verified "$own" false
shared=$(get id gcp create guest Shared "$own:/made/" --description shared)
"$globus" ls "$shared:/" | grep -q notes.txt
"$globus" gcp update guest "$shared" --description 'shared with some' | grep -q 'updated successfully'
"$globus" endpoint show "$shared" | grep -q 'shared with some'
"$globus" endpoint my-shared-endpoint-list "$own" | grep -q "$shared"
"$globus" endpoint search Shared --filter-scope shared-by-me | grep -q "$shared"

# Roles and permissions.
role=$(get id endpoint role create "$shared" --identity researcher@example.org --role activity_monitor)
"$globus" endpoint role list "$shared" | grep -q 'researcher@example.org'
"$globus" endpoint role show "$shared" "$role" | grep -q activity_monitor
"$globus" endpoint role delete "$shared" "$role" | grep -q 'deleted successfully'
fails 1 RoleNotFound "$globus" endpoint role show "$shared" "$role"
fails 1 Conflict "$globus" endpoint role create "$mapped" --identity researcher@example.org --role administrator
rule=$(get access_id endpoint permission create "$shared:/" --identity collaborator@example.org --permissions r --notify-email collaborator@example.org)
"$globus" endpoint permission create "$shared:/" --anonymous --permissions r | grep -q 'created successfully'
"$globus" endpoint permission create "$shared:/" --all-authenticated --permissions r --expiration-date 2100-01-01
"$globus" endpoint permission create "$shared:/sub/" --provision-identity new@example.org --permissions rw
fails 1 Exists "$globus" endpoint permission create "$shared:/" --anonymous --permissions rw
"$globus" endpoint permission list "$shared" | grep -q 'collaborator@example.org'
"$globus" endpoint permission update "$shared" "$rule" --permissions rw | grep -q 'updated successfully'
[ "$(get permissions endpoint permission show "$shared" "$rule")" = rw ]
"$globus" endpoint permission delete "$shared" "$rule" | grep -q 'deleted successfully'
fails 1 AccessRuleNotFound "$globus" endpoint permission show "$shared" "$rule"

# Bookmarks.
bookmark=$(get id bookmark create "$shared:/" here)
"$globus" bookmark create "$mapped:/~/" there
fails 1 Conflict "$globus" bookmark create "$shared:/" here
"$globus" bookmark list | grep -q 'Newer Laptop'
"$globus" bookmark show here | grep -q "$shared"
"$globus" bookmark show "$bookmark" --verbose | grep -q here
"$globus" bookmark rename here 'right here'
"$globus" bookmark delete 'right here' | grep -q 'deleted successfully'
fails 1 'No bookmark found' "$globus" bookmark show here

# A rule pauses a task until it goes.
rule=$(get id api transfer post /v0.10/endpoint_manager/pause_rule --body "{\"message\": \"Not now\", \"endpoint_id\": \"$shared\"}")
fails 1 OperationPaused "$globus" ls "$shared:/"
id=$(task transfer "$shared:/notes.txt" "$own:/late.txt")
[ "$(get status task show "$id")" = INACTIVE ]
"$globus" task pause-info "$id" | grep -q 'Not now'
"$globus" api transfer get "/v0.10/endpoint_manager/task/$id" | grep -q '"is_paused": *true'
"$globus" api transfer delete "/v0.10/endpoint_manager/pause_rule/$rule"
"$globus" task wait "$id" --polling-interval 1 --timeout 60
cmp "$own_folder/made/notes.txt" "$own_folder/late.txt"

# Streams.
tunnel=$(get data.id streams tunnel create "$point" "$other_point" --label stream --lifetime-minutes 5)
"$globus" streams tunnel list | grep -q "$tunnel"
"$globus" streams tunnel show "$tunnel" | grep -q AWAITING_LISTENER
"$globus" streams tunnel update "$tunnel" --label 'new stream' | grep -q 'new stream'
"$globus" streams tunnel stop "$tunnel" | grep -q STOPPING
"$globus" streams tunnel events "$tunnel" | grep -q TUNNEL_STOPPED
"$globus" streams tunnel delete "$tunnel" | grep -q 'deleted successfully'
"$globus" streams access-point show "$point" | grep -q 'Example Instrument Stream'

# What is deleted is gone, also in bookmarks.
"$globus" endpoint delete "$mapped" | grep -q 'deleted successfully'
fails 1 EndpointDeleted "$globus" endpoint show "$mapped"
"$globus" bookmark list | grep -q 'DELETED ENDPOINT'
echo all is well
