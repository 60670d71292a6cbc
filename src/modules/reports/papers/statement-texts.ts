import type { StatementColumn } from '../../ledger/index.ts';

/** What a statement says beside what all documents say. */
const english = {
  columns: {
    ...{
      items: 'Items',
      packaging: 'Packaging',
      tax: 'Tax',
      discount: 'Your discount',
      freeDelivery: 'Your free delivery',
    },
    ...{
      commission: 'Commission',
      cancellationFee: 'Fee of a cancelled order',
      reduction: 'Reduction',
      fault: 'Cost of a failed order',
    },
    ...{ refund: 'Refunds you bear', other: 'Other', way: 'Delivery', tip: 'Tip', cashCollected: 'Cash taken' },
    cashDeposit: 'Cash handed in',
  } as Readonly<Record<StatementColumn, string>>,
  ...{ includedTax: 'Tax in the prices', rate: 'Rate', net: 'To you', seller: 'Restaurant' },
  ...{ reference: 'Bank reference', paidOn: 'Paid on', failedOn: 'Failed on', currency: 'Currency' },
  noRegistration: 'no tax registration',
};

export type StatementTexts = typeof english;

const french: StatementTexts = {
  columns: {
    ...{
      items: 'Articles',
      packaging: 'Emballage',
      tax: 'TVA',
      discount: 'Votre remise',
      freeDelivery: 'Livraison offerte',
    },
    ...{
      commission: 'Commission',
      cancellationFee: 'Frais d’annulation',
      reduction: 'Réduction',
      fault: 'Coût d’un échec',
    },
    ...{ refund: 'À votre charge', other: 'Autre', way: 'Livraison', tip: 'Pourboire' },
    ...{ cashCollected: 'Espèces encaissées', cashDeposit: 'Espèces remises' },
  },
  ...{ includedTax: 'Dont TVA', rate: 'Taux', net: 'Pour vous', seller: 'Restaurant' },
  ...{ reference: 'Référence bancaire', paidOn: 'Versé le', failedOn: 'Échoué le', currency: 'Devise' },
  noRegistration: 'non immatriculé',
};

export const statementTextsByLanguage = { en: english, fr: french };
