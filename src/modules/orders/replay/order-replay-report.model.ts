import { Schema, model } from 'mongoose';

/** What the nightly replay of one day found. */
export interface OrderReplayReport {
  /** The day (UTC) whose events were replayed, such as `2026-11-20`. */
  _id: string;
  ranAt: Date;
  compared: number;
  /** Of orders from before events kept what they changed. */
  unreplayable: number;
  differenceCount: number;
  /** At most a thousand: which order, and which of its fields. */
  differences: { orderId: string; fields: string[] }[];
}

const reportSchema = new Schema<OrderReplayReport>(
  {
    _id: { type: String, required: true },
    ranAt: { type: Date, required: true },
    compared: { type: Number, required: true },
    unreplayable: { type: Number, required: true },
    differenceCount: { type: Number, required: true },
    differences: { type: Schema.Types.Mixed, required: true },
  },
  // All questions go by its day, which is its id.
  { collection: 'order_replays', versionKey: false },
);

export const OrderReplayReportModel = model('OrderReplayReport', reportSchema);
