// Shows the processor's payment page inside ours, by the processor's own script; says so where it cannot.

const place = document.querySelector("[data-pay-secret]");

async function show() {
  const { payKey, payAccount, paySecret, payLocale } = place.dataset;
  const processor = window.Stripe(payKey, { stripeAccount: payAccount, locale: payLocale });
  // Its older versions know the first by the second name.
  const open = processor.createEmbeddedCheckoutPage ?? processor.initEmbeddedCheckout;
  const page = await open.call(processor, { fetchClientSecret: async () => paySecret });
  page.mount(place);
}

if (place) {
  show().catch(() => {
    document.querySelector("[data-pay-failed]").hidden = false;
  });
}
