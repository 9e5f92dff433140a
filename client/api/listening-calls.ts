import type {
  Converted,
  Hit,
  HitPage,
  HitUpdate,
  ListenAsk,
  SavedSearch,
  SavedSearchCreate,
  SavedSearchUpdate,
  SearchPreview,
  SpikeAlert,
  TopAuthors,
  Volume,
} from '../../shared/listening.ts';
import { at } from './at.ts';
import type { Http } from './http.ts';

/** What is asked about words said in public, a line each. */
export function listeningCalls(http: Http) {
  const get = http.call.bind(http);
  const send = <T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
    http.call<T>(path, { method, body });
  return {
    hits: (ask: ListenAsk, page: { after: string | null; limit: number }) =>
      get<HitPage>('/api/listening/hits', { query: { ...ask, ...page } }),
    hit: (id: string) => get<Hit>(at('listening', 'hits', id)),
    updateHit: (id: string, body: HitUpdate) => send<Hit>('PATCH', at('listening', 'hits', id), body),
    teachAway: (id: string, searchId: string | null) =>
      send<Hit>('POST', at('listening', 'hits', id, 'not-us'), searchId === null ? {} : { searchId }),
    bringBackHit: (id: string, searchId: string | null) =>
      http.call<Hit>(at('listening', 'hits', id, 'not-us'), {
        method: 'DELETE',
        query: searchId === null ? {} : { searchId },
      }),
    convertHit: (id: string) => send<Converted>('POST', at('listening', 'hits', id, 'convert')),
    volume: (ask: ListenAsk) => get<Volume>('/api/listening/volume', { query: { ...ask } }),
    topAuthors: (ask: ListenAsk) => get<TopAuthors>('/api/listening/authors', { query: { ...ask } }),
    searches: () => get<SavedSearch[]>('/api/listening/searches'),
    createSearch: (body: SavedSearchCreate) => send<SavedSearch>('POST', '/api/listening/searches', body),
    updateSearch: (id: string, body: SavedSearchUpdate) =>
      send<SavedSearch>('PATCH', at('listening', 'searches', id), body),
    previewSearch: (body: SavedSearchCreate) =>
      send<SearchPreview>('POST', '/api/listening/searches/preview', body),
    spikes: (after: string | null) =>
      get<{ spikes: SpikeAlert[]; next: string | null }>('/api/listening/spikes', { query: { after } }),
    seeSpike: (id: string) => send<SpikeAlert>('POST', at('listening', 'spikes', id, 'seen')),
  };
}
