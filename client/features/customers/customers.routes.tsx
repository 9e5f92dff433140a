import { Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { later } from '../../lib/later.ts';

const Companies = later(() => import('../companies/companies.page.tsx'));
const Customer = later(() => import('./customer.page.tsx'));
const Duplicates = later(() => import('../duplicates/duplicates.page.tsx'));
const Imports = later(() => import('../imports/imports.routes.tsx'));
const List = later(() => import('./list.page.tsx'));
const Quality = later(() => import('../quality/quality.page.tsx'));
const Segment = later(() => import('../segments/segment.page.tsx'));
const Segments = later(() => import('../segments/segments.page.tsx'));

/** The pages of the customers' area. */
export default function CustomersRoutes() {
  return (
    <Suspense
      fallback={
        <Delayed>
          <SkeletonRows />
        </Delayed>
      }
    >
      <Switch>
        <Route path="/customers" component={List} />
        <Route path="/customers/duplicates" component={Duplicates} />
        <Route path="/customers/quality" component={Quality} />
        <Route path="/customers/imports/*?" component={Imports} />
        <Route path="/customers/segments" component={Segments} />
        <Route path="/customers/segments/:id" component={Segment} />
        <Route path="/customers/companies" component={Companies} />
        <Route path="/customers/:id" component={Customer} />
      </Switch>
    </Suspense>
  );
}
