"use strict";

// The endpoint stands beside the page, below whatever path a proxy gives both. The same address takes WebSockets.
const endpoint = new URL("graphql", window.location.href);
const socket = new URL(endpoint);
socket.protocol = endpoint.protocol === "https:" ? "wss:" : "ws:";

const WELCOME = `# The token goes into the tab "Headers":
#
#   {"Authorization": "Bearer papi_…"}
#
# Ctrl-Enter runs, Ctrl-Space completes.

{
  viewer {
    actor { name }
    partner { name }
    scopes
  }
}
`;

// The page's address holds what is being asked, to be shared. Headers are never in it: they hold a token.
const shared = new URLSearchParams(window.location.search);

function share(name, text) {
  if (text) shared.set(name, text);
  else shared.delete(name);
  window.history.replaceState(null, "", `?${shared}`);
}

const page = React.createElement(GraphiQL, {
  // Over a WebSocket the headers go into connection_init's payload.
  fetcher: GraphiQL.createFetcher({ url: endpoint.href, subscriptionUrl: socket.href }),
  plugins: [GraphiQLPluginExplorer.explorerPlugin()],
  defaultQuery: WELCOME,
  query: shared.get("q") ?? undefined,
  variables: shared.get("variables") ?? undefined,
  onEditQuery: (text) => share("q", text),
  onEditVariables: (text) => share("variables", text),
  defaultEditorToolsVisibility: "headers",
  inputValueDeprecation: true,
  shouldPersistHeaders: true,
});

ReactDOM.createRoot(document.getElementById("graphiql")).render(page);
