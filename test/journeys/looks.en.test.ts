import { everyPage } from './looks.suite.ts';

everyPage('en');
