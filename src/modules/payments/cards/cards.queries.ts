import { CardModel, type CardRecord } from './card.model.ts';

/** A user's own card; null for everybody else's. */
export function findSavedCard(userId: string, cardId: string): Promise<CardRecord | null> {
  return CardModel.findOne({ _id: cardId, userId }).lean();
}

/** Newest first; there are few. */
export function findCardsOf(userId: string, limit: number): Promise<CardRecord[]> {
  return CardModel.find({ userId }).sort({ _id: -1 }).limit(limit).lean();
}
