import { Schema, model } from 'mongoose';

/** Something that must happen at `dueAt` unless it is cancelled before. The row is the promise, a delayed job only the alarm clock. */
export interface TimerRow {
  /** Kind and subject: one timer of a kind per subject. */
  _id: string;
  kind: string;
  subjectId: string;
  dueAt: Date;
  /** A process that fires the row holds it until then; a crash gives it back. */
  claimedUntil: Date;
  attempts: number;
}

const timerSchema = new Schema<TimerRow>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    subjectId: { type: String, required: true },
    dueAt: { type: Date, required: true },
    claimedUntil: { type: Date, required: true },
    attempts: { type: Number, required: true, default: 0 },
  },
  { collection: 'timers', versionKey: false },
);
// Serves fireDueTimers.
timerSchema.index({ dueAt: 1 });

export const TimerModel = model('Timer', timerSchema);
