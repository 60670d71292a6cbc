import type { BilledOrder } from './bill.ts';
import type { Fact } from './paper.ts';
import type { Style } from './style.ts';

/** The restaurant sells the food, we sell the delivery and the service. */
export const ISSUERS = ['restaurant', 'platform'] as const;
export type Issuer = (typeof ISSUERS)[number];

/** Who stands on a document as its issuer. */
export interface Seller {
  name: string;
  addressLine: string;
  /** Null: it has none, or none that we know. Then nothing of it is called a tax invoice. */
  taxNumber: string | null;
}

/** As it was registered when the order was quoted; before it has said so, under the name that the customer knows. */
export function restaurantSeller({ restaurant }: BilledOrder): Seller {
  const { taxRegistration } = restaurant;
  if (taxRegistration == null) return { name: restaurant.name, addressLine: restaurant.addressLine, taxNumber: null };
  const { legalName: name, addressLine, number: taxNumber } = taxRegistration;
  return { name, addressLine, taxNumber };
}

export function sellerFacts({ name, addressLine, taxNumber }: Seller, label: string, style: Style): Fact[] {
  return [
    [label, `${name}, ${addressLine}`],
    [style.taxNumberName, taxNumber ?? style.texts.noNumber],
  ];
}

/**
 * What India asks besides (CGST Rules 2017, rule 46): the state of the supply, which is the seller's own since both are in one city and
 * begins its number, and that no customer owes the tax in the seller's place.
 */
export function supplyFacts({ taxNumber }: Seller, { country, texts }: Style): Fact[] {
  if (country !== 'IN' || taxNumber === null) return [];
  return [
    [texts.placeOfSupply, `${texts.state} ${taxNumber.slice(0, 2)}`],
    [texts.reverseCharge, texts.no],
  ];
}
