// Calls to the service. Where it wants a key, the reader of the page is asked for one; it is kept until the tab closes.

import { button, element } from "./dom.js";

const KEY = "pullquote-key";
const UNREACHABLE = "The service cannot be reached. Check that it is running, then try again.";

export async function call(path, options) {
  const response = await send(path, options);
  return response.status === 204 ? null : response.json();
}

// A file to save, under the name that the service gives it.
export async function file(path, options) {
  const response = await send(path, options);
  const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  return { blob: await response.blob(), name: name ?? "pullquote" };
}

export function posted(body) {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

// A body is JSON, or a form with a file.
export async function* events(path, body, signal) {
  const options = body instanceof FormData ? { method: "POST", body, headers: {} } : posted(body);
  options.headers.Accept = "text/event-stream";
  const response = await send(path, { ...options, signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read().catch((error) => {
      throw signal.aborted ? error : new Error("The connection was cut before the answer was whole. Ask again.");
    });
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s, 2)));
      if (fields.data) yield [fields.event, JSON.parse(fields.data)];
    }
  }
}

// fetch tells nothing of how much has been sent; this does.
export function upload(path, form, progress) {
  return withKey(
    () =>
      new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open("POST", path);
        for (const [name, value] of Object.entries(keyHeader())) request.setRequestHeader(name, value);
        request.responseType = "json";
        request.upload.addEventListener("progress", ({ loaded, total }) => progress(loaded / total));
        request.addEventListener("error", () => reject(new Error(UNREACHABLE)));
        request.addEventListener("load", () => {
          const { status, response } = request;
          if (status < 300) resolve(response);
          else reject(refusal(status, response));
        });
        request.send(form);
      }),
  );
}

function send(path, options = {}) {
  return withKey(async () => {
    const headers = { ...options.headers, ...keyHeader() };
    const response = await fetch(path, { ...options, headers }).catch((error) => {
      throw error.name === "AbortError" ? error : new Error(UNREACHABLE);
    });
    if (!response.ok) throw refusal(response.status, await response.json().catch(() => null));
    return response;
  });
}

function refusal(status, problem) {
  return Object.assign(new Error(problem?.detail || `The service answered ${status}.`), { status });
}

function keyHeader() {
  const key = sessionStorage.getItem(KEY);
  return key ? { Authorization: `Bearer ${key}` } : {};
}

async function withKey(work) {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const needsKey = error.status === 401 || (error.status === 403 && /admin key|the scope/.test(error.message));
      if (!needsKey || !(await askedForKey(error.message))) throw error;
    }
  }
}

let asking = null;

function askedForKey(why) {
  asking ??= new Promise((resolve) => {
    const input = element("input");
    // What a header can carry; anything else is no key of any service.
    Object.assign(input, { type: "password", autocomplete: "off", required: true, pattern: "[!-~]+" });
    input.title = "Letters, digits and signs of ASCII, without spaces";
    const form = element("form", "", element("p", "", why), element("label", "", "Key ", input));
    form.method = "dialog";
    const dialog = element("dialog", "", form);
    dialog.setAttribute("aria-label", "Key");
    form.append(element("button", "main", "Use it"), button("Cancel", () => dialog.close()));
    form.addEventListener("submit", () => sessionStorage.setItem(KEY, input.value));
    form.addEventListener("submit", () => dialog.close("given"));
    dialog.addEventListener("close", () => {
      dialog.remove();
      asking = null;
      resolve(dialog.returnValue === "given");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
  return asking;
}
