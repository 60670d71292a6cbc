import { Schema, model, type mongo } from 'mongoose';

/** Which movement of the provider is which posting of ours. Its id is the posting's, so that a posting is matched once. */
export interface ProviderMatch {
  _id: string;
  movementId: string;
  createdAt: Date;
}

const matchSchema = new Schema<ProviderMatch>(
  {
    _id: { type: String, required: true },
    movementId: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'provider_matches', versionKey: false },
);

export const ProviderMatchModel = model('ProviderMatch', matchSchema);

export function providerMatches(): mongo.Collection<ProviderMatch> {
  return ProviderMatchModel.collection as unknown as mongo.Collection<ProviderMatch>;
}
