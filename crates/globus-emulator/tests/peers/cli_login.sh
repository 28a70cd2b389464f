# Alice logs in with the unmodified command line client, $1, by pasted code and by browser.
set -eu
globus=$1
"$globus" login --no-local-server
[ "$("$globus" whoami)" = researcher@example.org ]
"$globus" session show | grep -q researcher@example.org
"$globus" group list | grep -q 'Example Research Group'
"$globus" endpoint search --filter-scope my-endpoints | grep -q "Alice's Laptop"
"$globus" flows list | grep -q 'Hello World'
"$globus" session update --no-local-server --all
"$globus" session show | grep -q researcher@globusid.org
"$globus" session consent --no-local-server \
    'urn:globus:auth:scope:transfer.api.globus.org:all[*https://auth.globus.org/scopes/6c54cade-bde5-45c1-bdea-f4bd71dba2cc/data_access]'
"$globus" logout --yes
! "$globus" whoami
"$globus" login
[ "$("$globus" whoami)" = researcher@example.org ]
echo all is well
