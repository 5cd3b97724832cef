import { call } from "./api.js";
import { about, textOf } from "./reader.js";

const id = location.pathname.split("/").pop();
const place = document.querySelector("main");

function named() {
  const found = /^#q=(\d+)-(\d+)$/.exec(location.hash);
  return found ? [{ start: Number(found[1]), end: Number(found[2]) }] : [];
}

function show(article) {
  document.title = `${article.title} – Pullquote`;
  document.querySelector("h1").textContent = article.title;
  place.replaceChildren(about(article), textOf(article, named()));
  place.querySelector("mark")?.scrollIntoView({ block: "center" });
}

call(`/v1/articles/${id}`)
  .then((article) => {
    show(article);
    addEventListener("hashchange", () => show(article));
  })
  .catch((error) => {
    document.querySelector("h1").textContent = "This article cannot be shown";
    place.className = "error";
    place.textContent = error.message;
  });
