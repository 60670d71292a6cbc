/** Numbers under which sellers are registered for their taxes. Checked where we know the rule, elsewhere only bounded. Pure. */
const ANYWHERE = /^[A-Z0-9][A-Z0-9./-]{2,19}$/;
/** State, PAN (five letters, four digits, a letter), registration in the state, `Z`, check digit: rule 10 of the CGST Rules 2017. */
const GSTIN = /^\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]$/;
/** Key and SIREN: articles 286 ter and R. 123-221 of the French codes; the key is computed where it is of digits. */
const FRENCH_VAT = /^FR([0-9A-HJ-NP-Z]{2})(\d{9})$/;
const BASE_36 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** `country`: ISO 3166-1, two letters. Written in capitals, without spaces. */
export function isTaxNumber(country: string, number: string): boolean {
  if (country === 'IN') return GSTIN.test(number) && gstinOf(number.slice(0, -1)) === number;
  if (country === 'FR') return isFrenchVat(number);
  return ANYWHERE.test(number);
}

/** With its check digit: every second digit counts double, in base 36, and so do the digits of what that makes. */
export function gstinOf(fourteen: string): string {
  const sum = Array.from(fourteen).reduce((total, digit, index) => {
    const product = BASE_36.indexOf(digit) * (index % 2 === 0 ? 1 : 2);
    return total + Math.floor(product / 36) + (product % 36);
  }, 0);
  return fourteen + BASE_36.charAt((36 - (sum % 36)) % 36);
}

/** Of a company, by its SIREN. */
export function frenchVatOf(siren: string): string {
  return `FR${String((12 + 3 * (Number(siren) % 97)) % 97).padStart(2, '0')}${siren}`;
}

function isFrenchVat(number: string): boolean {
  const [, key = '', siren = ''] = FRENCH_VAT.exec(number) ?? [];
  return siren !== '' && isLuhn(siren) && (!/^\d\d$/.test(key) || frenchVatOf(siren) === number);
}

/** ISO/IEC 7812: of every second digit from the right the double, and of that the digits. */
function isLuhn(digits: string): boolean {
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, index) => {
      const product = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (product > 9 ? product - 9 : product);
    }, 0);
  return sum % 10 === 0;
}
