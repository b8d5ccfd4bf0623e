// Reloads the page when its content has changed.
const shown = document.body.dataset.state;
setInterval(async () => {
  const response = await fetch("/state", { cache: "no-store" }).catch(() => null);
  if (response?.ok && (await response.text()) !== shown) location.reload();
}, 2000);
