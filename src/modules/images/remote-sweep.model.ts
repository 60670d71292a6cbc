import { Schema, model, type mongo } from 'mongoose';

/** How far the walk through our folder of the cloud has come; one row. */
export interface RemoteSweepRow {
  _id: 'remote';
  /** Which of the lists is read. */
  list: number;
  cursor: string | null;
  nextAt: Date;
}

const remoteSweepSchema = new Schema<RemoteSweepRow>(
  {
    _id: { type: String, required: true },
    list: { type: Number, required: true },
    cursor: { type: String, default: null },
    nextAt: { type: Date, required: true },
  },
  { collection: 'image_sweeps', versionKey: false },
);

const RemoteSweepModel = model('ImageSweep', remoteSweepSchema);

export function remoteSweeps(): mongo.Collection<RemoteSweepRow> {
  return RemoteSweepModel.collection as unknown as mongo.Collection<RemoteSweepRow>;
}
