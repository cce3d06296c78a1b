// A directory to sign in with, certified for OpenID Connect, for tests/accounts/test_directories.py.
//
//   node directory.mjs '{"dora": {"email": "dora@stadt.example", "email_verified": true, "amr": ["pwd"]}}'
//
// It prints its address, and lets in whom the request names (login_hint), asking for nothing.
import http from "node:http";
import Provider from "oidc-provider";

const people = JSON.parse(process.argv[2]);
const server = http.createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "allmende",
        client_secret: "not secret: only for tests",
        redirect_uris: ["http://testserver/konto/dienste/stadt/zurueck/"],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    conformIdTokenClaims: false, // like Keycloak: the ID token says everything
    claims: { openid: ["sub", "amr"], email: ["email", "email_verified"], profile: ["name"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    async loadExistingGrant({ oidc }) {
      const grant = new provider.Grant({
        accountId: oidc.session.accountId,
        clientId: oidc.client.clientId,
      });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    if (!request.url.startsWith("/interaction/")) return answer(request, response);
    const { params } = await provider.interactionDetails(request, response);
    const person = people[params.login_hint];
    await provider.interactionFinished(
      request,
      response,
      person
        ? { login: { accountId: params.login_hint, amr: person.amr } }
        : { error: "access_denied" },
    );
  });
  console.log(issuer);
});
