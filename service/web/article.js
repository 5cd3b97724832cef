import { call, link, origin, pieces } from "./dom.js";

const id = location.pathname.split("/").pop();
const text = document.getElementById("text");

function named() {
  const found = /^#q=(\d+)-(\d+)$/.exec(location.hash);
  return found ? [{ start: Number(found[1]), end: Number(found[2]) }] : [];
}

function show(article) {
  document.title = `${article.title} – Pullquote`;
  document.getElementById("title").textContent = article.title;
  const source = document.getElementById("source");
  source.textContent = origin(article);
  if (article.url) source.append(" · ", link(article.url, article.url));
  text.replaceChildren(...pieces(article.text, 0, named()));
  text.querySelector("mark")?.scrollIntoView({ block: "center" });
}

call(`/v1/articles/${id}`)
  .then((article) => {
    show(article);
    addEventListener("hashchange", () => show(article));
  })
  .catch((error) => {
    document.getElementById("title").textContent = "This article cannot be shown";
    text.className = "error";
    text.textContent = error.message;
  });
