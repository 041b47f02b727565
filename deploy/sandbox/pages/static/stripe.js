// Stands in for the processor's own script: puts the sandbox's payment page in a frame of the page that includes it.
{
  const { origin } = new URL(document.currentScript.src);

  const mounted = (address, place) => {
    const frame = document.createElement("iframe");
    frame.src = address;
    frame.title = "Paiement";
    frame.name = "embedded-checkout";
    Object.assign(frame.style, { border: "0", display: "block", inlineSize: "100%", blockSize: "60rem" });
    window.addEventListener("message", (event) => {
      if (event.origin !== origin || event.source !== frame.contentWindow) return;
      const { height, leave } = event.data;
      if (height) frame.style.blockSize = `${height}px`;
      if (leave) window.location.assign(leave);
    });
    (typeof place === "string" ? document.querySelector(place) : place).append(frame);
  };

  window.Stripe = (key, { stripeAccount = "" } = {}) => ({
    async createEmbeddedCheckoutPage({ fetchClientSecret }) {
      const said = new URLSearchParams({ key, account: stripeAccount, client_secret: await fetchClientSecret() });
      return { mount: (place) => mounted(`${origin}/embedded?${said}`, place) };
    },
  });
}
