import type { GeoPoint } from '../../../src/shared/geo.ts';
import type { Spot, Zone } from '../geography.ts';

/** The second city: a port on an island of its own in the Bay of Biscay, where no address is anybody's. */
export const PORT_CLEMENT: GeoPoint = { lat: 46.2, lng: -3.4 };

/** Their slugs are unique among all zones. */
export const PORT_ZONES: readonly Zone[] = [
  {
    slug: 'vieux-port',
    name: 'Vieux-Port',
    weight: 0.5,
    polygon: [
      [-1_200, -1_000],
      [1_200, -1_000],
      [1_200, 900],
      [-1_200, 900],
    ],
    streets: ['quai des Corsaires', 'rue du Fanal', 'rue de la Criée', 'place du Petit-Môle', 'rue aux Sardines'],
    postcode: '99101',
  },
  {
    slug: 'les-remparts',
    name: 'Les Remparts',
    weight: 0.3,
    polygon: [
      [-1_200, 900],
      [1_200, 900],
      [1_800, 2_600],
      [-1_800, 2_600],
    ],
    streets: ['rue de la Poterne', 'chemin de ronde', 'rue Haute', 'rue du Four-Banal'],
    postcode: '99102',
  },
  {
    slug: 'la-pointe',
    name: 'La Pointe',
    weight: 0.2,
    polygon: [
      [1_200, -1_000],
      [3_400, -600],
      [3_400, 900],
      [1_200, 900],
    ],
    streets: ['avenue du Sémaphore', 'route du Phare', 'allée des Tamaris'],
    postcode: '99103',
  },
];

/** Where the first of its customers lives. */
export const PORT_HOME: Spot = [120, -150];
