import { Schema, model } from 'mongoose';

/** A word of the name of a restaurant or dish, so that a misspelt one finds it. Nobody's data, and made again at any time. */
export interface SearchWordRow {
  _id: string;
  /** The word itself, and what is left of it without one of its letters. */
  deletes: string[];
}

const searchWordSchema = new Schema<SearchWordRow>(
  { _id: { type: String, required: true }, deletes: { type: [String], required: true } },
  { collection: 'search_words', versionKey: false },
);
// Serves findSimilarWords; completions go by _id.
searchWordSchema.index({ deletes: 1 });

export const SearchWordModel = model('SearchWord', searchWordSchema);
