import { Route, Switch } from 'wouter';
import ImportPage from './import.page.tsx';
import ImportsPage from './imports.page.tsx';
import NewImportPage from './new.page.tsx';

/** Each step of bringing a table in has an address: a page that is loaded again comes back to it. */
export default function ImportsRoutes() {
  return (
    <Switch>
      <Route path="/customers/imports" component={ImportsPage} />
      <Route path="/customers/imports/new" component={NewImportPage} />
      <Route path="/customers/imports/:id/columns">
        {({ id }) => <ImportPage key={id} id={id ?? ''} columns />}
      </Route>
      <Route path="/customers/imports/:id">{({ id }) => <ImportPage key={id} id={id ?? ''} />}</Route>
    </Switch>
  );
}
