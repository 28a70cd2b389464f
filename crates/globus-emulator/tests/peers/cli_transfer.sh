# The unmodified command line client, $1, moves files as the seeded program. $2 and $3 are the folders of its own collection
# and of the first tutorial collection, $4 that of the second.
set -eu
globus=$1 own_folder=$2 one_folder=$3 two_folder=$4
own=e4d90000-5eed-4000-8000-000000000001
guest=e4d90000-5eed-4000-8000-000000000002
laptop=e4d90000-5eed-4000-8000-000000000003
one=6c54cade-bde5-45c1-bdea-f4bd71dba2cc
two=31ce9ba0-176d-45a5-add3-f37d233ba47d
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
echo all is well
