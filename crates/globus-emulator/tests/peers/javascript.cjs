// The unmodified JavaScript SDK: Alice logs in, looks after a group, and moves a file.

const crypto = require('node:crypto');
const globus = require('@globus/sdk');

const NATIVE = '61338d24-54d5-408f-a10d-66c06b59f6d2';
const ALICE = 'a11ce000-5eed-4000-8000-000000000001';
const BOB = 'b0b00000-5eed-4000-8000-000000000001';
const LAPTOP = 'e4d90000-5eed-4000-8000-000000000003';
const GROUPS = 'urn:globus:auth:scope:groups.api.globus.org:all';
const TUTORIAL = '6c54cade-bde5-45c1-bdea-f4bd71dba2cc';
const DATA = `https://auth.globus.org/scopes/${TUTORIAL}/data_access`;
const TRANSFER = `urn:globus:auth:scope:transfer.api.globus.org:all[*${DATA}]`;
const ORIGIN = process.env.GLOBUS_SDK_SERVICE_URL_AUTH;

function check(what, got, wanted) {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) {
    console.error(`${what}: got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);
    process.exit(1);
  }
  console.log('ok', what);
}

async function control(path, document) {
  const answer = await fetch(`${ORIGIN}_emulator/${path}`, { method: 'POST', body: JSON.stringify(document) });
  return answer.json();
}

/** The document of an answer, once its status is the wanted one. */
async function json(promise, status = 200) {
  const answer = await promise;
  const document = await answer.json();
  if (answer.status !== status) {
    console.error(answer.status, document);
    process.exit(1);
  }
  return document;
}

async function logIn(scope, query) {
  const verifier = crypto.randomBytes(32).toString('base64url');
  const redirect = `${ORIGIN}v2/web/auth-code`;
  const url = new URL(globus.auth.getAuthorizationEndpoint());
  url.search = new URLSearchParams({
    response_type: 'code', client_id: NATIVE, scope,
    redirect_uri: redirect, state: 'a state', code_challenge_method: 'S256',
    code_challenge: crypto.createHash('sha256').update(verifier).digest('base64url'),
  });
  const { code } = await control('sign-in', { url: url.href, identity: 'alice' });
  const payload = { grant_type: 'authorization_code', code, client_id: NATIVE, code_verifier: verifier, redirect_uri: redirect };
  return json(globus.auth.oauth2.token.exchange({ payload, query }));
}

function bearer(tokens, server) {
  const found = [tokens, ...tokens.other_tokens].find((token) => token.resource_server === server);
  return { Authorization: `Bearer ${found.access_token}` };
}

async function main() {
  const tokens = await logIn(`openid profile email offline_access ${GROUPS} ${TRANSFER}`);
  check('a token answer', globus.auth.isGlobusAuthTokenResponse(tokens), true);
  check('with refresh tokens', globus.auth.isRefreshToken(tokens), true);
  check('three services', tokens.other_tokens.length, 2);
  check('no more than was asked for', (await logIn('openid')).other_tokens.length, 0);
  check('or all that she allowed before', (await logIn('openid', { include_consented_scopes: true })).other_tokens.length, 2);
  const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url'));
  check('who she is', [claims.sub, claims.preferred_username], [ALICE, 'researcher@example.org']);
  const open = bearer(tokens, 'auth.globus.org');
  const info = await json(globus.auth.oauth2.userinfo({ headers: open }));
  check('userinfo', info.email, 'researcher@example.org');
  const found = await json(globus.auth.identities.getAll({ query: { usernames: 'collaborator@example.org' }, headers: open }));
  check('identities', found.identities[0].id, BOB);
  const payload = { refresh_token: tokens.refresh_token, grant_type: 'refresh_token', client_id: NATIVE };
  const renewed = await json(globus.auth.oauth2.token.refresh({ payload }));
  check('renewed', renewed.resource_server, 'auth.globus.org');
  const gone = { token: renewed.access_token, client_id: NATIVE };
  check('valid', (await json(globus.auth.oauth2.token.validate({ payload: gone }))).active, true);
  check('revoked', (await json(globus.auth.oauth2.token.revoke({ payload: gone }))).active, false);
  check('no longer', (await json(globus.auth.oauth2.token.validate({ payload: gone }))).active, false);

  // Groups.
  let headers = bearer(tokens, 'groups.api.globus.org');
  const { groups } = globus.groups;
  const made = await json(groups.create({ payload: { name: 'By script' }, headers }), 201);
  const mine = await json(groups.getMyGroups({ headers }));
  check('her groups', mine.some((group) => group.id === made.id), true);
  const added = await json(globus.groups.membership.act(made.id, { payload: { add: [{ identity_id: BOB }] }, headers }));
  check('added', added.add[0].status, 'active');
  const policies = await json(globus.groups.policies.get(made.id, { headers }));
  check('policies', policies.group_visibility, 'private');
  const changed = await json(groups.update(made.id, { payload: { name: 'Renamed' }, headers }));
  check('changed', changed.name, 'Renamed');
  const shown = await json(groups.get(made.id, { query: { include: ['memberships'] }, headers }));
  check('members', shown.memberships.length, 2);
  check('counted', (await json(groups.getStatuses({ headers })))[made.id].active, 2);
  check('deleted', (await json(groups.remove(made.id, { headers }))).id, made.id);
  check('gone', (await json(groups.get(made.id, { headers }), 404)).code, 'NOT_FOUND');

  // Transfer.
  headers = bearer(tokens, 'transfer.api.globus.org');
  const { endpointSearch, fileOperations, taskSubmission, task } = globus.transfer;
  const hers = await json(endpointSearch({ query: { filter_scope: 'my-endpoints' }, headers }));
  check('her endpoints', hers.DATA.some((row) => row.id === LAPTOP), true);
  await json(fileOperations.mkdir(LAPTOP, { payload: { path: '/made/' }, headers }));
  const listed = async (path) => (await json(fileOperations.ls(LAPTOP, { query: { path }, headers }))).DATA;
  const { DATA: files } = await json(fileOperations.ls(TUTORIAL, { query: { path: '/share/godata/' }, headers }));
  check('files', files.map((row) => row.name), ['file1.txt', 'file2.txt', 'file3.txt']);
  const { value } = await json(taskSubmission.submissionId({ headers }));
  const submission = {
    submission_id: value, source_endpoint: TUTORIAL, destination_endpoint: LAPTOP,
    DATA: [{ DATA_TYPE: 'transfer_item', source_path: '/share/godata/file1.txt', destination_path: '/made/copy' }],
  };
  const accepted = await json(taskSubmission.submitTransfer({ payload: submission, headers }), 202);
  let status = 'ACTIVE';
  while (status === 'ACTIVE') status = (await json(task.get(accepted.task_id, { headers }))).status;
  check('the task', status, 'SUCCEEDED');
  check('the copy', (await listed('/made/')).map((row) => [row.name, row.size]), [['copy', files[0].size]]);
  const refused = await json(fileOperations.ls(LAPTOP, { query: { path: '/nothing' }, headers }), 404);
  check('what is not there', refused.code, 'ClientError.NotFound');
  console.log('all is well');
}

main();
