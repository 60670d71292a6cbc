import { INDO_CHINESE, JAPANESE, MIDDLE_EASTERN, THAI } from './asian.ts';
import { BISTRO, BOULANGERIE, CREPERIE } from './french.ts';
import { BENGALI, BIRYANI, GUJARATI, NORTH_INDIAN, SEAFOOD, SOUTH_INDIAN, STREET_FOOD } from './indian.ts';
import { BAKERY, BURGERS, CAFE, HEALTHY, ITALIAN, MEXICAN, PIZZA } from './western.ts';

export interface Cuisine {
  slug: string;
  label: string;
  /** Shortest and longest usual preparation (domain.md section 6). */
  prepMinutes: [number, number];
  /** Last words of restaurant names. */
  houses: string[];
  menu: string;
}

function cuisine(slug: string, label: string, rest: Omit<Cuisine, 'slug' | 'label'>): Cuisine {
  return { slug, label, ...rest };
}

export const CUISINES: readonly Cuisine[] = [
  cuisine('north-indian', 'North Indian', {
    prepMinutes: [15, 28],
    houses: ['Tandoor', 'Dhaba', 'Rasoi', 'Curry House', 'Handi'],
    menu: NORTH_INDIAN,
  }),
  cuisine('south-indian', 'South Indian', {
    prepMinutes: [10, 20],
    houses: ['Tiffin Room', 'Dosa Corner', 'Udupi', 'Sagar', 'Idli Bar'],
    menu: SOUTH_INDIAN,
  }),
  cuisine('biryani', 'Biryani', {
    prepMinutes: [18, 32],
    houses: ['Biryani House', 'Dum Pukht', 'Biryani Court', 'Zaiqa', 'Deg'],
    menu: BIRYANI,
  }),
  cuisine('street-food', 'Street food', {
    prepMinutes: [8, 16],
    houses: ['Chaat Corner', 'Chowpatty', 'Tapri', 'Rolls', 'Pav Stop'],
    menu: STREET_FOOD,
  }),
  cuisine('seafood', 'Coastal seafood', {
    prepMinutes: [18, 30],
    houses: ['Fish Plate', 'Catch', 'Fishermen', 'Konkan Kitchen', 'Anchor'],
    menu: SEAFOOD,
  }),
  cuisine('gujarati', 'Gujarati', {
    prepMinutes: [12, 22],
    houses: ['Thali', 'Farsan House', 'Rasthal', 'Kathiyawad'],
    menu: GUJARATI,
  }),
  cuisine('bengali', 'Bengali', {
    prepMinutes: [15, 28],
    houses: ['Bhoj', 'Adda', 'Heshel', 'Machher Ghor'],
    menu: BENGALI,
  }),
  cuisine('indo-chinese', 'Indo-Chinese', {
    prepMinutes: [12, 22],
    houses: ['Wok', 'Dragon', 'Momo Stand', 'Noodle Bar'],
    menu: INDO_CHINESE,
  }),
  cuisine('thai', 'Thai', { prepMinutes: [15, 25], houses: ['Basil', 'Thai Table', 'Som Tam Bar'], menu: THAI }),
  cuisine('japanese', 'Japanese', {
    prepMinutes: [15, 25],
    houses: ['Sushi', 'Ramen-ya', 'Izakaya'],
    menu: JAPANESE,
  }),
  cuisine('middle-eastern', 'Middle Eastern', {
    prepMinutes: [12, 22],
    houses: ['Shawarma', 'Mezze', 'Grill House', 'Souk'],
    menu: MIDDLE_EASTERN,
  }),
  cuisine('italian', 'Italian', {
    prepMinutes: [15, 26],
    houses: ['Trattoria', 'Osteria', 'Cucina', 'Pasta Bar'],
    menu: ITALIAN,
  }),
  cuisine('pizza', 'Pizza', {
    prepMinutes: [9, 19],
    houses: ['Pizzeria', 'Slice', 'Forno', 'Pizza Club'],
    menu: PIZZA,
  }),
  cuisine('burgers', 'Burgers', {
    prepMinutes: [10, 18],
    houses: ['Burger Bar', 'Smash', 'Grill', 'Bun Shop'],
    menu: BURGERS,
  }),
  cuisine('mexican', 'Mexican', {
    prepMinutes: [12, 20],
    houses: ['Cantina', 'Taqueria', 'Burrito Bar'],
    menu: MEXICAN,
  }),
  cuisine('healthy', 'Healthy', {
    prepMinutes: [8, 16],
    houses: ['Greens', 'Bowl Kitchen', 'Salad Bar'],
    menu: HEALTHY,
  }),
  cuisine('bakery', 'Bakery and desserts', {
    prepMinutes: [4, 10],
    houses: ['Bakehouse', 'Patisserie', 'Oven', 'Cake Shop'],
    menu: BAKERY,
  }),
  cuisine('cafe', 'Cafe', {
    prepMinutes: [7, 15],
    houses: ['Coffee Room', 'Cafe', 'Roastery', 'Tea House'],
    menu: CAFE,
  }),
];

/** Of Port Clement only. */
export const FRENCH_CUISINES: readonly Cuisine[] = [
  cuisine('bistro', 'Bistro', {
    prepMinutes: [15, 28],
    houses: ['Chez Armelle', 'Le Bistrot du Môle', 'À la Bonne Heure', 'Le Zinc', 'La Table d’Octave'],
    menu: BISTRO,
  }),
  cuisine('creperie', 'Crêperie', {
    prepMinutes: [9, 18],
    houses: ['Crêperie du Phare', 'La Bolée', 'Ty Gwenn', 'Le Blé Noir', 'Crêperie des Remparts'],
    menu: CREPERIE,
  }),
  cuisine('boulangerie', 'Boulangerie', {
    prepMinutes: [4, 10],
    houses: ['Au Pain Doré', 'Boulangerie Lemoine', 'L’Épi du Port', 'La Fournée de Minuit', 'Maison Éloïse'],
    menu: BOULANGERIE,
  }),
];

export function cuisineOf(slug: string): Cuisine {
  const found = [...CUISINES, ...FRENCH_CUISINES].find((one) => one.slug === slug);
  if (found === undefined) throw new Error(`no cuisine ${slug}`);
  return found;
}
