import { IANAZone } from 'luxon';
import { Schema, model } from 'mongoose';
import type { GeoJsonPolygon } from '../../shared/geo.ts';
import { newId } from '../../shared/ids.ts';

/** A part of a city in which QuickBite works. Zones of one city share edges and nothing else. */
export interface ZoneRow {
  _id: string;
  slug: string;
  name: string;
  city: string;
  timeZone: string;
  currency: string;
  area: GeoJsonPolygon;
  createdAt: Date;
  updatedAt: Date;
}

const areaSchema = new Schema<GeoJsonPolygon>(
  {
    type: { type: String, enum: ['Polygon'], required: true },
    coordinates: { type: [[[Number]]], required: true },
  },
  { _id: false },
);

const zoneSchema = new Schema<ZoneRow>(
  {
    _id: { type: String, default: newId },
    slug: { type: String, required: true },
    name: { type: String, required: true },
    city: { type: String, required: true },
    timeZone: { type: String, required: true, validate: (zone: string) => IANAZone.isValidZone(zone) },
    currency: { type: String, required: true, match: /^[A-Z]{3}$/ },
    area: { type: areaSchema, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'zones', versionKey: false },
);
// Serves findZoneAt.
zoneSchema.index({ area: '2dsphere' }, { name: 'area' });
// One zone per name in an address; serves no query.
zoneSchema.index({ slug: 1 }, { unique: true });

export const ZoneModel = model('Zone', zoneSchema);
