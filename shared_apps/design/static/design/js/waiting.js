// A family's turn in a waiting room. It asks when the server says, says aloud at most once a minute, and moves no focus:
// the page goes from « gathering » to « waiting » to « called » in place.

const AGAIN = 15;
const QUIET = 60_000;

class WaitingTurn extends HTMLElement {
  connectedCallback() {
    this.opensAt = performance.now() + 1000 * Number(this.getAttribute("left"));
    this.saidAt = 0;
    this.clock = setInterval(() => this.countDown(), 1000);
    this.countDown();
    this.ask();
  }

  disconnectedCallback() {
    clearInterval(this.clock);
    clearTimeout(this.timer);
  }

  async ask() {
    if (this.getAttribute("state") === "called") return;
    try {
      const answer = await fetch(this.getAttribute("address"), { cache: "no-store", credentials: "omit" });
      if (!answer.ok) throw new Error(answer.status);
      this.show(await answer.json());
    } catch {
      this.say(this.dataset.lost);
      this.later(AGAIN);
    }
  }

  show(told) {
    if (told.state === "gone" || told.state === "over") {
      location.reload();
      return;
    }
    if (told.state === "called") this.call();
    if (told.state === "waiting") this.wait(told);
    if (told.state === "gathering") this.opensAt = performance.now() + 1000 * told.left;
    this.open(told.state);
    if (told.wait !== undefined) this.later(told.wait);
  }

  wait({ position, ahead, low, high }) {
    const words = this.dataset[ahead < 2 ? `ahead-${ahead}` : "ahead"];
    const line = words.replace("{n}", new Intl.NumberFormat(document.documentElement.lang).format(ahead));
    this.part("[data-position]", position);
    this.part("[data-ahead-words]", line);
    this.part("[data-range-words]", this.range(low, high));
    this.say(line);
  }

  range(low, high) {
    if (high === null) return this.dataset.unknown;
    if (high <= 1) return this.dataset.soon;
    return this.dataset.range.replace("{low}", Math.max(1, low)).replace("{high}", high);
  }

  call() {
    document.title = `${this.dataset.called} · ${document.title.split(" · ").pop()}`;
    this.saidAt = 0;
    this.say(this.dataset.called);
  }

  open(state) {
    this.setAttribute("state", state);
    for (const part of this.querySelectorAll("[data-part]")) {
      part.hidden = part.dataset.part === "kept" ? state === "called" : part.dataset.part !== state;
    }
  }

  countDown() {
    const left = Math.max(0, Math.round((this.opensAt - performance.now()) / 1000));
    const parts = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
    const time = parts.map((part) => String(part).padStart(2, "0")).join(":");
    this.part("[data-countdown]", left && left < 86_400 ? this.dataset.left.replace("{time}", time) : "");
  }

  part(selector, text) {
    this.querySelector(selector).textContent = text;
  }

  say(words) {
    if (this.saidAt && performance.now() - this.saidAt < QUIET) return;
    this.saidAt = performance.now();
    this.part("[data-said]", words);
  }

  later(seconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), 1000 * seconds);
  }
}

customElements.define("waiting-turn", WaitingTurn);
