/** What documents say around their figures. */
const english = {
  ...{ receipt: 'Receipt', invoice: 'Tax invoice', creditNote: 'Credit note', statement: 'Payout statement' },
  ...{ bill: 'Bill', noNumber: 'none given: this is not a tax invoice', platform: 'Platform' },
  ...{ order: 'Order', date: 'Date', restaurant: 'Restaurant', number: 'Number', issuer: 'Issued by' },
  ...{ item: 'Item', quantity: 'Qty', price: 'Price', amount: 'Amount', tax: 'Tax', rate: 'Rate' },
  ...{
    taxable: 'Before tax',
    beforeTax: 'Total before tax',
    net: 'Less discount',
    gross: 'Amount',
    total: 'Total',
    items: 'Items',
    reduction: 'Reduction',
  },
  ...{ delivery: 'Delivery', service: 'Service', packaging: 'Packaging', smallOrder: 'Small order', tip: 'Tip' },
  ...{
    discount: 'Discount on items',
    deliveryDiscount: 'Discount on delivery',
    refund: 'Refund',
    left: 'Paid in the end',
  },
  ...{ card: 'Card', cash: 'Cash', none: 'Nothing to pay', payment: 'Payment', summary: 'Summary of the order' },
  ...{ period: 'Period', kind: 'Kind', at: 'Time', payout: 'Payout', payee: 'Paid to', zone: 'Times in' },
  /** Of the rows of a statement. */
  postings: {
    ...{ sale: 'Order', tip: 'Tip given later', refund_charge: 'Refund charged', payout_failed: 'Payout that failed' },
    ...{ cash_collected: 'Cash taken at the door', cash_deposit: 'Cash handed in' },
  } as Readonly<Record<string, string>>,
  ...{ included: 'included', added: 'added', forInvoice: 'For invoice' },
  ...{ tipLater: 'Tip given later', voided: 'Void: the refund did not arrive', cancellationFee: 'Cancellation fee' },
  ...{ status: 'Status', coupon: 'Coupon', totalWithTax: 'Total', billOfSupply: 'Bill of supply' },
  ...{ placeOfSupply: 'Place of supply', state: 'State code', reverseCharge: 'Reverse charge', no: 'No' },
  /** Of orders whose food was not received, and that cost something all the same. */
  outcomes: {
    ...{ cancelled: 'Cancelled', no_show: 'Not collected', failed: 'Could not be handed over' },
  } as Readonly<Record<string, string>>,
  categories: {
    ...{ food: 'Food', beverage: 'Beverages', packaged: 'Packaged goods', alcohol: 'Alcohol' },
    ...{ delivery: 'Delivery', service: 'Service', packaging: 'Packaging' },
  } as Readonly<Record<string, string>>,
};

export type Texts = typeof english;

const french: Texts = {
  ...{ receipt: 'Reçu', invoice: 'Facture', creditNote: 'Avoir', statement: 'Relevé de versement' },
  ...{ bill: 'Note', noNumber: 'non communiqué : ce document ne vaut pas facture', platform: 'Plateforme' },
  ...{ order: 'Commande', date: 'Date', restaurant: 'Restaurant', number: 'Numéro', issuer: 'Émetteur' },
  ...{ item: 'Article', quantity: 'Qté', price: 'Prix', amount: 'Montant', tax: 'TVA', rate: 'Taux' },
  ...{
    taxable: 'Base HT',
    beforeTax: 'Total HT',
    net: 'Après remise',
    gross: 'Montant TTC',
    total: 'Total',
    items: 'Articles',
    reduction: 'Réduction',
  },
  ...{
    delivery: 'Livraison',
    service: 'Service',
    packaging: 'Emballage',
    smallOrder: 'Petite commande',
    tip: 'Pourboire',
  },
  ...{ discount: 'Remise sur les articles', deliveryDiscount: 'Remise sur la livraison', refund: 'Remboursement' },
  ...{ left: 'Payé au final', card: 'Carte', cash: 'Espèces', none: 'Rien à payer', payment: 'Paiement' },
  ...{ summary: 'Récapitulatif de la commande', period: 'Période', kind: 'Nature', at: 'Heure' },
  ...{ payee: 'Bénéficiaire', zone: 'Heures de' },
  postings: {
    ...{ sale: 'Commande', tip: 'Pourboire ultérieur', refund_charge: 'Remboursement à votre charge' },
    ...{ payout_failed: 'Versement échoué', cash_collected: 'Espèces encaissées', cash_deposit: 'Espèces remises' },
  },
  ...{ payout: 'Versement', included: 'comprise', added: 'en sus' },
  ...{ forInvoice: 'Pour la facture', tipLater: 'Pourboire ultérieur', cancellationFee: 'Frais d’annulation' },
  ...{ voided: 'Annulé : le remboursement n’a pas abouti', status: 'État', coupon: 'Code promo' },
  ...{ totalWithTax: 'Total TTC', billOfSupply: 'Facture', placeOfSupply: 'Lieu de prestation', state: 'État' },
  ...{ reverseCharge: 'Autoliquidation', no: 'Non' },
  outcomes: { cancelled: 'Annulée', no_show: 'Non retirée', failed: 'Non remise' },
  categories: {
    ...{ food: 'Plats', beverage: 'Boissons', packaged: 'Produits emballés', alcohol: 'Alcools' },
    ...{ delivery: 'Livraison', service: 'Service', packaging: 'Emballage' },
  },
};

export const textsByLanguage = { en: english, fr: french };
