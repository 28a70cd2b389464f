# Alice makes a flow and runs it with the unmodified command line client, $1.
set -eu
globus=$1
cd "$HOME"
field() { "$globus" "$@" -F unix; }
"$globus" login --no-local-server

definition='{"StartAt": "Wait", "States": {
  "Wait": {"Type": "Wait", "SecondsPath": "$.seconds", "Next": "Hello"},
  "Hello": {"Type": "Action", "ActionUrl": "https://actions.globus.org/hello_world",
            "Parameters": {"echo_string": "hi"}, "ResultPath": "$.Hello", "End": true}}}'
schema='{"type": "object", "properties": {"seconds": {"type": "number"}}, "required": ["seconds"]}'
"$globus" flows validate "$definition" --input-schema "$schema" | grep -q actions.globus.org/hello_world
! "$globus" flows validate '{"StartAt": "a", "States": {"a": {"Type": "Pass"}}}' 2>refusal
grep -q 'must be defined as either terminal' refusal
flow=$(field flows create 'By hand' "$definition" --input-schema "$schema" --keyword peer --jmespath id)
"$globus" flows show "$flow" | grep -q 'By hand'
"$globus" flows update "$flow" --title 'By script' --viewers public | grep -q 'By script'
"$globus" flows list --filter-role flow_owner --filter-fulltext script | grep -q "$flow"

"$globus" login --no-local-server --flow "$flow"
! "$globus" flows start "$flow" --input '{"seconds": "x"}' 2>refusal
grep -q "'x' is not of type 'number'" refusal
run=$(field flows start "$flow" --input '{"seconds": 0}' --label 'One run' --tag a --jmespath run_id)
tries=0
until "$globus" flows run show "$run" | grep -q SUCCEEDED; do
    tries=$((tries + 1))
    [ "$tries" -lt 20 ]
done
"$globus" flows run show "$run" --include-flow-description | grep -q 'One run'
"$globus" flows run show-logs "$run" | grep -q ActionCompleted
"$globus" flows run show-logs "$run" --details --reverse | grep -q '"Hello": "World"'
"$globus" flows run show-definition "$run" | grep -q SecondsPath
"$globus" flows run list --filter-flow-id "$flow" --filter-role run_owner | grep -q "$run"
"$globus" flows run update "$run" --label 'Another label' --tags b,c | grep -q 'Another label'

long=$(field flows start "$flow" --input '{"seconds": 86400}' --jmespath run_id)
! "$globus" flows run delete "$long" 2>refusal
grep -q STATE_CONFLICT refusal
"$globus" flows run cancel "$long"
"$globus" flows run show "$long" | grep -q FAILED
! "$globus" flows run resume "$long" 2>refusal
grep -q STATE_CONFLICT refusal
"$globus" flows run delete "$long"
! "$globus" flows run show "$long" 2>refusal
grep -q NOT_FOUND refusal
"$globus" flows delete "$flow"
! "$globus" flows show "$flow" 2>refusal
grep -q NOT_FOUND refusal
echo all is well
