/* What the pages do in the browser: open sources beside answers, say when an answer is there, save files. */
"use strict";
const ledby = (() => {
  let opener = null;
  const panel = () => document.getElementById("source");
  const announce = (text) => {
    const region = document.getElementById("announce");
    if (region) { region.textContent = ""; setTimeout(() => { region.textContent = text; }, 50); }
  };

  async function show(query, from, turned) {
    const aside = panel();
    if (!aside) return;
    if (from) opener = from;
    const body = aside.querySelector(".source-body");
    aside.classList.add("open");
    document.body.classList.add("source-open");
    aside.querySelector(".source-close").hidden = false;
    try {
      const reply = await fetch("/ledby/source?" + query, { headers: { accept: "text/html" } });
      if (!reply.ok) throw new Error(String(reply.status));
      body.innerHTML = await reply.text();
    } catch {
      body.textContent = "The source cannot be shown just now. Try again in a minute.";
    }
    body.scrollTop = 0;
    aside.scrollTop = 0;
    const mark = body.querySelector("mark");
    const reading = body.querySelector(".reading");
    if (mark && reading) reading.scrollTop += mark.getBoundingClientRect().top - reading.getBoundingClientRect().top - 60;
    /* Who turns pages goes on turning: the focus stays on the button, and the page is read out. */
    const again = turned && [...body.querySelectorAll("button.turn:enabled")].find((one) => one.textContent === turned);
    if (again) announce(body.querySelector(".facts").innerText.replace(/\s*\n\s*/g, " "));
    const to = again || body.querySelector(".source-title");
    if (to) to.focus({ preventScroll: !matchMedia("(max-width: 900px)").matches });
  }

  function close() {
    const aside = panel();
    if (!aside) return;
    aside.classList.remove("open");
    document.body.classList.remove("source-open");
    aside.querySelector(".source-close").hidden = true;
    aside.querySelector(".source-body").innerHTML =
      '<p class="hint">Select a number in an answer, or a row, to see where it stands.</p>';
    document.querySelectorAll("a.cite[aria-current]").forEach((a) => a.removeAttribute("aria-current"));
    if (opener && opener.isConnected) opener.focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest('a[href*="#source?"]');
    if (link) {
      event.preventDefault();
      document.querySelectorAll("a.cite[aria-current]").forEach((a) => a.removeAttribute("aria-current"));
      if (link.classList.contains("cite")) link.setAttribute("aria-current", "true");
      show(link.getAttribute("href").split("#source?")[1], link);
      return;
    }
    const turn = event.target.closest && event.target.closest("button.turn");
    if (turn) {
      const told = new URLSearchParams();
      for (const key of ["document", "start", "end", "n", "page", "at"]) if (turn.dataset[key]) told.set(key, turn.dataset[key]);
      show(told.toString(), null, turn.textContent);
      return;
    }
    if (event.target.closest && event.target.closest(".source-close")) close();
    const copier = event.target.closest && event.target.closest('a[href="#copy"]');
    if (copier) { event.preventDefault(); copy([copier.closest(".answer")]); }
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest && event.target.closest("form.goto");
    if (!form) return;
    event.preventDefault();
    show(new URLSearchParams({ document: form.dataset.document, page: form.elements.page.value }).toString());
  });
  addEventListener("load", () => {
    const told = new URLSearchParams(location.search);
    if (location.pathname.replace(/\/$/, "") !== "/documents" || !told.get("document")) return;
    const waiting = setInterval(() => {
      if (panel()) { clearInterval(waiting); told.set("document", told.get("document")); show(told.toString()); }
    }, 100);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel() && panel().classList.contains("open")) close();
  });

  /* An answer as text: numbers in brackets, list items on lines of their own, the references after it. */
  function asText(answer) {
    const copy = answer.cloneNode(true);
    copy.querySelectorAll("a.cite").forEach((a) => { a.textContent = `[${a.textContent.trim()}]`; });
    const lines = [];
    copy.querySelectorAll("p:not(.hint), li").forEach((one) => {
      const inRefs = one.closest(".references");
      lines.push((one.tagName === "LI" && !inRefs ? "- " : "") + one.textContent.replace(/\s+/g, " ").trim());
    });
    return lines.join("\n");
  }

  async function copy(answers) {
    const said = answers.filter(Boolean).map((answer) => {
      const row = answer.closest(".message-row");
      const before = row && row.previousElementSibling && row.previousElementSibling.querySelector(".said");
      return (before ? before.textContent.trim() + "\n\n" : "") + asText(answer);
    }).join("\n\n");
    try {
      await navigator.clipboard.writeText(said);
      announce("Copied with references");
    } catch {
      announce("The browser does not allow copying here");
    }
  }

  const copyConversation = () => copy([...document.querySelectorAll("#chat .answer")]);

  function save(file) {
    if (!file || !file.data) return;
    const bytes = Uint8Array.from(atob(file.data), (char) => char.charCodeAt(0));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type: file.type }));
    link.download = file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    announce("Saved " + file.name);
  }

  function answered() {
    const answers = document.querySelectorAll("#chat .answer");
    const last = answers[answers.length - 1];
    if (last) announce("Answer: " + [...last.querySelectorAll(":scope > p:not(.hint), :scope > ul > li")].map((one) => one.textContent.trim()).join(" "));
  }

  /* The address follows the search, so that it can be kept and mailed. */
  function searched(query) {
    history.replaceState(null, "", location.pathname + (query ? "?" + query : ""));
    const count = document.querySelector(".count");
    if (count) announce(count.textContent);
  }

  /* After a thumb the form for a comment is brought into view; when it is sent, the question box is next. */
  function rated(tries = 60) {
    const box = document.querySelector("#comment textarea");
    if (box && box.offsetParent) box.focus();
    else if (tries) requestAnimationFrame(() => rated(tries - 1));
  }

  function commented() {
    announce("Thank you. Your comment is kept.");
    document.querySelector("#question textarea").focus();
  }

  const SAID = { Retry: "Ask again", Like: "Helpful", Liked: "Helpful", Dislike: "Not helpful", Disliked: "Not helpful" };

  /* Gradio's buttons get the names that they are shown with, and say whether they are chosen. */
  function named(button) {
    const told = button.getAttribute("aria-label");
    if (!SAID[told]) return;
    if (told !== "Retry") button.setAttribute("aria-pressed", String(told.endsWith("d")));
    button.setAttribute("aria-label", SAID[told]);
    button.title = SAID[told];
  }

  /* Radio buttons that choose one of several have one name, so that the arrow keys move among them. */
  function grouped(fieldset) {
    const [first, ...others] = fieldset.querySelectorAll("input[type=radio]");
    others.filter((one) => one.name !== first.name).forEach((one) => { one.name = first.name; });
  }

  let followed = null; /* the sign of work that the page was scrolled to */

  /* Gradio reads messages out as their HTML source and announces every step of a stream; both are put right here. */
  function tidy() {
    document.querySelectorAll('#chat [role="log"]').forEach((one) => { one.setAttribute("aria-live", "off"); one.setAttribute("aria-label", "Conversation"); one.tabIndex = 0; });
    document.querySelectorAll('#chat .examples[role="list"]').forEach((one) => { one.setAttribute("role", "group"); one.setAttribute("aria-label", "Example questions"); });
    document.querySelectorAll("#chat [data-testid=user][aria-label], #chat [data-testid=bot][aria-label]").forEach((one) => one.removeAttribute("aria-label"));
    document.querySelectorAll("#chat a.cite:not([aria-label])").forEach((one) => one.setAttribute("aria-label", "Source " + one.textContent.trim()));
    document.querySelectorAll("#chat .icon-button").forEach(named);
    document.querySelectorAll("fieldset").forEach(grouped);
    const working = document.querySelector("#chat .working");
    if (working && working !== followed) {
      const asked = document.querySelectorAll("#chat .said");
      asked[asked.length - 1].scrollIntoView({ block: "start" });
    }
    followed = working;
    const top = document.querySelector("header.top");
    if (top && document.title !== top.dataset.title) document.title = top.dataset.title;
    const main = document.querySelector("gradio-app main");
    if (main && main.id !== "main") { main.id = "main"; main.tabIndex = -1; }
  }
  let waiting = false;
  const later = () => { if (!waiting) { waiting = true; requestAnimationFrame(() => { waiting = false; tidy(); }); } };
  new MutationObserver(later).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label"] });

  return { show, close, save, answered, announce, copyConversation, searched, rated, commented };
})();
window.ledby = ledby;
