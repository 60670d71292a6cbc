/** For people who come from a mail: plain pages that load nothing, in the languages of our places. They hold nothing of the order. */
export function deadLinkPage(appUrl: string): string {
  return page('', [
    '<h1>This link does not work (any more)</h1>',
    '<p>Links to receipts run out after some time. Sign in, open the order and ask for its receipt anew: ',
    `<a href="${appUrl}/orders">${appUrl}/orders</a></p>`,
    '<h1 lang="fr">Ce lien ne fonctionne pas (ou plus)</h1>',
    '<p lang="fr">Les liens vers les reçus expirent. Connectez-vous, ouvrez la commande et demandez à nouveau son reçu : ',
    `<a href="${appUrl}/orders">${appUrl}/orders</a></p>`,
  ]);
}

export function waitingPage(): string {
  return page('<meta http-equiv="refresh" content="3">', [
    '<h1>Your receipt is being made</h1><p>This page opens it in a moment.</p>',
    '<h1 lang="fr">Votre reçu est en préparation</h1><p lang="fr">Cette page l’ouvrira dans un instant.</p>',
  ]);
}

function page(instruction: string, parts: readonly string[]): string {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>QuickBite</title>`;
  return `<!doctype html><html lang="en"><head>${head}${instruction}</head><body>${parts.join('')}</body></html>`;
}
