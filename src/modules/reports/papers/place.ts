import type { textsByLanguage } from './texts.ts';

/** What a place makes of a sale: its language, and what its law calls and asks. */
interface Place {
  /** ISO 3166-1; null: we know of no rules. */
  country: string | null;
  locale: string;
  texts: keyof typeof textsByLanguage;
  taxName: string;
  taxNumberName: string;
  /** Under which names the tax is shown, in equal parts. */
  taxParts: readonly string[];
  /** What an invoice calls its services, by category of tax: the codes of the place. */
  serviceCodes: Readonly<Record<string, string>>;
  /** When the numbers of invoices begin anew; 1: January. */
  fiscalYearBegins: number;
}

const RESTAURANT = 'SAC 996331';
/**
 * Of India's scheme of services (annexure to Notification 11/2017-Central Tax (Rate)): restaurants with what they pack it in, local
 * delivery, other services. Packaged goods and alcohol are goods, each with a code of its own that we do not know.
 */
const SERVICE_CODES = {
  ...{ food: RESTAURANT, beverage: RESTAURANT, packaging: RESTAURANT },
  ...{ delivery: 'SAC 996813', service: 'SAC 999799' },
};

/** By time zone, which every order keeps a copy of. */
const PLACES: Readonly<Record<string, Place>> = {
  'Asia/Kolkata': {
    ...{ country: 'IN', locale: 'en-IN', texts: 'en', taxName: 'GST', taxNumberName: 'GSTIN' },
    // Seller and customer are of one state: half is the union's, half the state's (CGST and SGST Acts 2017, section 9). The
    // numbers are unique for a financial year, which begins in April (CGST Rules 2017, rule 46 (b)).
    ...{ taxParts: ['CGST', 'SGST'], fiscalYearBegins: 4, serviceCodes: SERVICE_CODES },
  },
  'Europe/Paris': {
    ...{ country: 'FR', locale: 'fr-FR', texts: 'fr', taxName: 'TVA', taxNumberName: 'N° TVA' },
    ...{ taxParts: ['TVA'], fiscalYearBegins: 1, serviceCodes: {} },
  },
};
/** Anywhere else in English, without a name for the tax. */
const ELSEWHERE: Place = {
  ...{ country: null, locale: 'en-GB', texts: 'en', taxName: 'Tax', taxNumberName: 'Tax number' },
  ...{ taxParts: ['Tax'], fiscalYearBegins: 1, serviceCodes: {} },
};

export function placeOf(timeZone: string): Place {
  return PLACES[timeZone] ?? ELSEWHERE;
}

/** The year of the place in which its numbers count: the one in which it began. */
export function fiscalYearOf(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: 'numeric' }).formatToParts(at);
  const [year, month] = (['year', 'month'] as const).map((name) =>
    Number(parts.find(({ type }) => type === name)?.value),
  );
  if (year === undefined || month === undefined) throw new RangeError(`no date in ${timeZone}`);
  return month < placeOf(timeZone).fiscalYearBegins ? year - 1 : year;
}
