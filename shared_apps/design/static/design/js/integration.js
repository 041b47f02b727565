// The list of activities on a page that is not ours: in a shadow root, without a cookie, in the page's own language.
// <script src="…/integration.js" data-ecole="dome" data-nombre="6" async></script>

const FILTERS = ["ecole", "level", "category", "nature", "tag", "keywords", "open", "nombre", "lang"];
const STYLE = `:host{display:block;font:inherit;color:inherit}
ul{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(min(17rem,100%),1fr));margin:0 0 1rem;padding:0}
li{list-style:none;border:1px solid color-mix(in srgb,currentColor 25%,transparent);border-radius:.5rem;padding:1rem}
a{color:inherit;font-weight:600}
li p{margin:.4rem 0 0}
a:focus-visible{outline:3px solid currentColor;outline-offset:2px}`;

const element = (name, text, lang) => {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (lang) made.lang = lang;
  return made;
};

const link = (text, url, lang) => {
  const made = element("a", text, lang);
  // Only an address of the web is followed, whoever answered.
  if (new URL(url).protocol.startsWith("http")) made.href = url;
  return made;
};

const row = (activity) => {
  const item = element("li");
  const facts = [activity.when, activity.price, activity.state].filter(Boolean);
  item.append(link(activity.title, activity.url, activity.lang), ...facts.map((fact) => element("p", fact)));
  return item;
};

const list = (answer) => {
  const section = element("section", "", answer.lang);
  section.setAttribute("aria-label", answer.title);
  const rows = element("ul");
  // Safari takes a list without its marks for no list at all.
  rows.setAttribute("role", "list");
  rows.append(...answer.activities.map(row));
  section.append(answer.activities.length ? rows : element("p", answer.none), link(answer.all.label, answer.all.url));
  return section;
};

const address = (script) => {
  const found = new URL("integration.json", script.src);
  const said = { lang: script.closest("[lang]")?.lang, ...script.dataset };
  for (const name of FILTERS) if (said[name]) found.searchParams.set(name, said[name]);
  return found;
};

const show = async (script) => {
  const place = element("div");
  const root = place.attachShadow({ mode: "open" });
  const style = new CSSStyleSheet();
  style.replaceSync(STYLE);
  root.adoptedStyleSheets = [style];
  script.after(place);
  try {
    const response = await fetch(address(script), { credentials: "omit" });
    root.replaceChildren(list(await response.json()));
  } catch {
    const all = new URL("activites", script.src);
    root.replaceChildren(link(all.host, all.href));
  }
};

if (document.currentScript) show(document.currentScript);
