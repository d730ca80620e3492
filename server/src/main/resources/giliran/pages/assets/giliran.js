"use strict";
// What only helps: every page works without it.
(() => {
  const RETRY_MS = 3000;
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

  // A pressed link or button waits for its answer, and comes back if there is none.
  const busy = (control, isBusy) => {
    if (isBusy) control.setAttribute("aria-disabled", "true");
    else control.removeAttribute("aria-disabled");
  };
  const isBusy = control => control.getAttribute("aria-disabled") === "true";
  const tell = text => each("[data-failed]", place => { place.textContent = text ? place.dataset.failed : ""; });

  const follow = link => {
    busy(link, true);
    tell(false);
    // The page is fetched first, so that a failure is told here and not by an empty window.
    fetch(link.href, { credentials: "same-origin" })
      .then(answer => { if (answer.ok) location.assign(link.href); else throw new Error(answer.status); })
      .catch(() => { tell(true); setTimeout(() => busy(link, false), RETRY_MS); });
  };
  document.addEventListener("click", event => {
    const link = event.target.closest("a[data-once],[data-once] a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    if (!isBusy(link)) follow(link);
  });
  document.addEventListener("submit", event => {
    const form = event.target;
    const button = event.submitter;
    if (!button || !form.hasAttribute("data-once")) return;
    if (isBusy(button)) event.preventDefault();
    else busy(button, true);
  });
  // Whoever comes back to a kept page finds it as it was before the press.
  addEventListener("pageshow", () => each("[data-once][aria-disabled],[data-once] [aria-disabled]", control => busy(control, false)));

  // A choice to which nothing fits is said in words.
  each("[data-nothing]", place => {
    const look = () => {
      const isEmpty = ![...document.querySelectorAll(".g-centre")].some(centre => centre.offsetParent);
      place.textContent = isEmpty ? place.dataset.nothing : "";
      place.hidden = !isEmpty;
    };
    document.addEventListener("change", look);
    look();
  });

  // The count-down goes by the server's clock; at its end the page is asked for again, not by all at once.
  each("[data-opens]", count => {
    const opens = Date.parse(count.dataset.opens);
    const asked = Date.now();
    fetch(location.href, { method: "HEAD", cache: "no-store" }).then(answer => {
      const ahead = Date.parse(answer.headers.get("Date")) + 500 - (asked + Date.now()) / 2;
      const show = () => {
        const left = Math.max(0, Math.ceil((opens - Date.now() - ahead) / 1000));
        const parts = { days: Math.floor(left / 86400), hours: Math.floor(left / 3600) % 24, minutes: Math.floor(left / 60) % 60, seconds: left % 60 };
        for (const unit in parts) count.querySelector(`[data-unit=${unit}]`).textContent = parts[unit];
        count.hidden = false;
        if (left > 0) setTimeout(show, 1000 - (Date.now() + ahead) % 1000);
        else setTimeout(() => location.reload(), 500 + Math.random() * 2000);
      };
      show();
    }).catch(() => {});
  });
})();
