import { type Connection, Schema } from 'mongoose';
import type { Sentiment, SentimentLabel } from '../../shared/sentiment.ts';
import { options } from '../db/schema.ts';

/** What a person said a message's mood is, kept to train with. */
export interface SentimentLabelDoc {
  /** The message's, or the mention's as long as it is none. Gone as soon as its words are. */
  _id: string;
  /** As it was read when it was corrected. */
  text: string;
  language: Sentiment['language'];
  label: SentimentLabel;
  /** What the model had said. */
  guessed: SentimentLabel;
  /** Whose word it is. */
  by: string;
  at: Date;
}

const sentimentLabel = new Schema<SentimentLabelDoc>(
  {
    _id: { type: String, required: true },
    text: { type: String, required: true },
    language: { type: String, required: true },
    label: { type: String, required: true },
    guessed: { type: String, required: true },
    by: { type: String, required: true },
    at: { type: Date, required: true },
  },
  options('sentimentLabels'),
);

export const sentimentLabelModel = (db: Connection) =>
  db.model<SentimentLabelDoc>('SentimentLabel', sentimentLabel);
