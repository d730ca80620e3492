"use strict";
// Sends forms so that nothing typed is lost when no answer comes. Without this script the browser
// sends them itself, and all works the same.
(() => {
  const BACK_AFTER = 3000; // milliseconds until a button comes back after an error
  const ANSWER_WITHIN = 20000;
  const PROOF_WITHIN = 20000; // after that, having waited counts as well
  let proof = null;

  const buttonOf = form => form.querySelector("button");

  const setBusy = (form, busy) => {
    const button = buttonOf(form);
    form.dataset.busy = busy ? "1" : "";
    if (busy) {
      button.setAttribute("aria-disabled", "true");
    } else {
      button.removeAttribute("aria-disabled");
      if (button.dataset.label) button.textContent = button.dataset.label;
    }
  };

  // Counts down, then lets the form be sent; or sends it, where it asks again by itself.
  const wait = (form, seconds) => {
    const told = form.querySelector("[data-waiting]");
    const until = Date.now() + seconds * 1000;
    setBusy(form, true);
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left > 0) {
        if (told && seconds > 3) {
          told.hidden = false;
          told.querySelector("[data-seconds]").textContent = time(left);
        }
        setTimeout(tick, 250);
        return;
      }
      if (told) told.hidden = true;
      setBusy(form, false);
      if (form.dataset.repeat === "true") form.requestSubmit();
    };
    tick();
  };

  const time = seconds => {
    const two = number => String(number).padStart(2, "0");
    const minutes = Math.floor(seconds / 60) % 60;
    const hours = Math.floor(seconds / 3600);
    return (hours ? hours + ":" + two(minutes) : minutes) + ":" + two(seconds % 60);
  };

  const begin = root => {
    for (const form of root.querySelectorAll("[data-send]")) {
      // Nobody has pressed the nearest places yet.
      const isBack = root.querySelector("[data-told]") && !form.closest(".g-nearest");
      const seconds = Number(form.dataset.wait || (isBack ? BACK_AFTER / 1000 : 0));
      if (seconds > 0) wait(form, seconds);
      if (form.dataset.proof) work(form);
    }
    for (const button of root.querySelectorAll("[data-print]")) {
      button.hidden = false;
      button.addEventListener("click", () => print());
    }
  };

  // A worker looks for the number while the person types.
  const work = form => {
    proof = new Promise(resolve => {
      const worker = new Worker(form.dataset.worker);
      worker.onmessage = found => { resolve(found.data); worker.terminate(); };
      worker.onerror = () => resolve("");
      fetch(form.dataset.proof)
        .then(answer => answer.json())
        .then(challenge => worker.postMessage(challenge))
        .catch(() => resolve(""));
    });
  };

  const send = async form => {
    setBusy(form, true);
    const failed = form.querySelector("[data-no-answer-here]");
    failed.textContent = "";
    const button = buttonOf(form);
    button.dataset.label = button.textContent;
    button.textContent = button.dataset.busy;
    if (form.dataset.proof) form.elements.proof.value = await proofInTime();
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        headers: { "X-Giliran-Form": "1" },
        body: new URLSearchParams(new FormData(form)),
        signal: AbortSignal.timeout ? AbortSignal.timeout(ANSWER_WITHIN) : undefined
      });
      if (answer.status === 201) {
        location.assign(answer.headers.get("Location"));
        return;
      }
      show(await answer.text(), Number(answer.headers.get("Retry-After")) || 0);
    } catch (noAnswer) {
      button.textContent = button.dataset.label;
      // Nobody has said that nothing happened, so the next answer must not either.
      if (form.elements.again && !noAnswer.told) form.elements.again.value = "yes";
      failed.textContent = noAnswer.told || form.dataset.noAnswer;
      wait(form, Math.max(noAnswer.seconds || 0, BACK_AFTER / 1000));
    }
  };

  const proofInTime = () => Promise.race([
    proof.catch(() => ""),
    new Promise(resolve => setTimeout(() => resolve(""), PROOF_WITHIN))
  ]);

  // Takes over the page of an error, in which all that was typed stands again.
  const show = (html, seconds) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const main = page.querySelector("main");
    if (!main || !main.querySelector("[data-told]")) {
      // Whoever stands in between has answered, or a sentence alone came: what is typed stays.
      const why = page.querySelector("[data-why]");
      throw Object.assign(new Error(), { told: why ? why.innerText.trim() : "", seconds });
    }
    document.title = page.title;
    document.querySelector("main").replaceWith(main);
    begin(main);
    (main.querySelector("[data-told]") || main).focus();
    scrollTo(0, 0);
  };

  document.addEventListener("submit", event => {
    const form = event.target;
    if (form.dataset.busy) {
      event.preventDefault();
    } else if ("send" in form.dataset) {
      event.preventDefault();
      send(form);
    } else {
      setBusy(form, true);
      setTimeout(() => setBusy(form, false), BACK_AFTER);
    }
  });

  // A page that the browser kept for going back is as it was left: with its button pressed.
  addEventListener("pageshow", event => {
    if (!event.persisted) return;
    if (document.querySelector("form[data-send] input:not([type=hidden])")) {
      document.querySelectorAll("form").forEach(form => setBusy(form, false)); // What is typed stays.
    } else {
      location.reload();
    }
  });

  begin(document);
})();
