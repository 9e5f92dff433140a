import { mongo } from 'mongoose';
import { expect, test } from 'vitest';
import { createLog } from '../log.ts';
import { errorBody } from './errors.ts';

const log = createLog({ level: 'silent' });

test('a full disk of the database is told as that, and not as something unforeseen', () => {
  const error = new mongo.MongoServerError({ message: 'no space left for the store', code: 14031 });
  expect(errorBody(error, log, {})).toEqual({
    code: 'unavailable',
    message: expect.stringContaining('disk of the database is full'),
    retryAfter: 30,
  });
  const other = new mongo.MongoServerError({ message: 'interrupted', code: 11601 });
  expect(errorBody(other, log, {})).toMatchObject({ code: 'internal', errorId: expect.any(String) });
});
