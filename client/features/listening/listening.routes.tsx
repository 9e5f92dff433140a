import { Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { later } from '../../lib/later.ts';

const Stream = later(() => import('./stream.page.tsx'));
const Overview = later(() => import('./overview.page.tsx'));
const Searches = later(() => import('./searches.page.tsx'));
const Editor = later(() => import('./editor.page.tsx'));
const Spikes = later(() => import('./spikes.page.tsx'));

/** The pages of what is said in public. */
export default function ListeningRoutes() {
  return (
    <Suspense
      fallback={
        <Delayed>
          <SkeletonRows />
        </Delayed>
      }
    >
      <Switch>
        <Route path="/listening" component={Stream} />
        <Route path="/listening/overview" component={Overview} />
        <Route path="/listening/searches" component={Searches} />
        <Route path="/listening/searches/:id">{({ id }) => <Editor key={id} id={id} />}</Route>
        <Route path="/listening/spikes" component={Spikes} />
      </Switch>
    </Suspense>
  );
}
