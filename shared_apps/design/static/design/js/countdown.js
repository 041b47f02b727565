// The time left on a hold: shown quietly during its last hour, said aloud at five minutes and at one. During the last two
// minutes the whole notice, with its button, stays at the foot of the screen.

const SAID = [[0, "over"], [60, "one"], [300, "five"]];
const SHOWN = 3600;
const PINNED = 120;

class HoldCountdown extends HTMLElement {
  connectedCallback() {
    this.deadline = Date.parse(this.getAttribute("deadline"));
    this.setAttribute("role", "timer");
    this.setAttribute("aria-live", "off");
    this.before = this.left();
    this.show();
    this.timer = setInterval(() => this.show(), 1000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  left() {
    return Math.max(0, Math.round((this.deadline - Date.now()) / 1000));
  }

  show() {
    const left = this.left();
    const due = SAID.find(([at]) => left <= at && this.before > at);
    this.before = left;
    if (left === 0) this.end();
    else if (left < SHOWN) this.textContent = this.dataset.left.replace("{time}", this.words(left));
    this.closest(".hold")?.classList.toggle("hold-ending", left > 0 && left <= PINNED);
    if (due) document.dispatchEvent(new CustomEvent("toast", { detail: { value: this.dataset[due[1]] } }));
    if (left === 0) clearInterval(this.timer);
  }

  end() {
    this.textContent = this.dataset.over;
    const notice = this.closest(".hold");
    for (const part of notice?.querySelectorAll("[data-while-kept]") ?? []) part.hidden = true;
    for (const part of notice?.querySelectorAll("[data-once-over]") ?? []) part.hidden = false;
  }

  words(left) {
    return [Math.floor(left / 60), left % 60].map((part) => String(part).padStart(2, "0")).join(":");
  }
}

customElements.define("hold-countdown", HoldCountdown);
