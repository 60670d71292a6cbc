/** Who sells: what an invoice must say of a restaurant. A copy goes with every quote and order. */
export interface TaxRegistration {
  legalName: string;
  /** Of the registration: not always where the kitchen is. */
  addressLine: string;
  /** ISO 3166-1, two letters. */
  country: string;
  /** GSTIN, VAT number; null: it is not registered for taxes. */
  number: string | null;
}
