import { Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { Delayed, SkeletonRows } from '../../components/skeleton.tsx';
import { later } from '../../lib/later.ts';

const Board = later(() => import('./board.page.tsx'));
const Rewards = later(() => import('../rewards/rewards.page.tsx'));
const Approvals = later(() => import('../rewards/approvals.page.tsx'));
const Coupons = later(() => import('../rewards/coupons.page.tsx'));
const Testimonials = later(() => import('./testimonials.page.tsx'));
const Settings = later(() => import('./settings.page.tsx'));

/** The pages of the marketers' area. */
export default function AdvocatesRoutes() {
  return (
    <Suspense
      fallback={
        <Delayed>
          <SkeletonRows />
        </Delayed>
      }
    >
      <Switch>
        <Route path="/advocates" component={Board} />
        <Route path="/advocates/rewards" component={Rewards} />
        <Route path="/advocates/approvals" component={Approvals} />
        <Route path="/advocates/coupons" component={Coupons} />
        <Route path="/advocates/testimonials" component={Testimonials} />
        <Route path="/advocates/settings" component={Settings} />
        <Route>
          <Redirect to="/advocates" replace />
        </Route>
      </Switch>
    </Suspense>
  );
}
