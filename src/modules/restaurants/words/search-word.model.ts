import { Schema, model } from 'mongoose';

/** A word of the name of a restaurant or dish, so that a misspelt one finds it. Nobody's data, and made again at any time. */
export interface SearchWordRow {
  _id: string;
  /** The word itself, and what is left of it without one of its letters. */
  deletes: string[];
  /** When something with this word was last written or looked over; what nobody has any more is forgotten by it. */
  learnedAt: Date;
}

const searchWordSchema = new Schema<SearchWordRow>(
  {
    _id: { type: String, required: true },
    deletes: { type: [String], required: true },
    learnedAt: { type: Date, required: true },
  },
  { collection: 'search_words', versionKey: false },
);
// Serves findSimilarWords; completions go by _id.
searchWordSchema.index({ deletes: 1 });

export const SearchWordModel = model('SearchWord', searchWordSchema);
