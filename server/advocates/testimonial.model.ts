import { type Connection, Schema } from 'mongoose';
import { options } from '../db/schema.ts';

/** One word on it: when, by what, and what stood there to be read. Never changed. */
export interface TestimonialWord {
  state: 'given' | 'refused' | 'withdrawn';
  at: Date;
  by: 'link' | 'agent';
  byUserId: string | null;
  /** An agent's; '' of the link. */
  reason: string;
  /** The question as it was read, with the quote; '' of an agent's word. */
  shown: string;
}

/** Somebody is asked whether their words may be quoted. One a quote. */
export interface TestimonialDoc {
  /** key(sourceId) */
  _id: string;
  /** Who said it, as they were then: read through a survivor's members. */
  customerId: string;
  source: 'message' | 'mention';
  sourceId: string;
  quote: string;
  state: 'asked' | TestimonialWord['state'];
  /** Of the link, SHA-256: who has the link may answer. */
  tokenHash: string;
  language: 'fa' | 'en';
  askedAt: Date;
  /** The message that asked; null while nothing has left. */
  messageId: string | null;
  byUserId: string;
  /** The newest first. */
  words: TestimonialWord[];
}

const text = { type: String, required: true } as const;

const testimonial = new Schema<TestimonialDoc>(
  {
    _id: text,
    customerId: text,
    source: text,
    sourceId: text,
    quote: text,
    state: text,
    tokenHash: text,
    language: text,
    askedAt: { type: Date, required: true },
    messageId: { type: String, default: null },
    byUserId: text,
    words: { type: [Schema.Types.Mixed], required: true } as never,
  },
  options('testimonials'),
);

export const testimonialModel = (db: Connection) => db.model<TestimonialDoc>('Testimonial', testimonial);
