import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type mongoose from 'mongoose';
import { SpecFailure } from '../failure.ts';
import { isDocument, shown } from '../values.ts';
import { type Deed, without } from './arguments.ts';

type Bucket = mongoose.mongo.GridFSBucket;

async function bytes(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function sourceOf(source: unknown): Readable {
  const hex = isDocument(source) && Object.keys(source).length === 1 ? source['$$hexBytes'] : undefined;
  if (typeof hex !== 'string' || !/^([0-9a-f]{2})*$/i.test(hex))
    throw new SpecFailure(`a source is {$$hexBytes: bytes}, not ${shown(source)}`);
  return Readable.from([Buffer.from(hex, 'hex')]);
}

export const bucketDeeds: Record<string, Deed<Bucket>> = {
  download: {
    takes: { id: 'value', timeoutMS: 'number' },
    needs: ['id'],
    run: (bucket, args) =>
      bytes(bucket.openDownloadStream(args['id'] as mongoose.mongo.ObjectId, without(args, 'id'))),
  },
  downloadByName: {
    takes: { filename: 'string', revision: 'number', timeoutMS: 'number' },
    needs: ['filename'],
    run: (bucket, args) =>
      bytes(bucket.openDownloadStreamByName(args['filename'] as string, without(args, 'filename'))),
  },
  upload: {
    takes: {
      filename: 'string',
      source: 'value',
      chunkSizeBytes: 'number',
      metadata: 'value',
      timeoutMS: 'number',
    },
    needs: ['filename', 'source'],
    run: async (bucket, args) => {
      const options = without(args, 'filename', 'source');
      const stream = bucket.openUploadStream(args['filename'] as string, options);
      await pipeline(sourceOf(args['source']), stream);
      return stream.id;
    },
  },
  delete: {
    takes: { id: 'value', timeoutMS: 'number' },
    needs: ['id'],
    run: (bucket, args) => bucket.delete(args['id'] as mongoose.mongo.ObjectId, without(args, 'id')),
  },
  drop: { takes: { timeoutMS: 'number' }, run: (bucket, args) => bucket.drop(args) },
};
