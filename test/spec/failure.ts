/**
 * Whose fault a failed test is: `refused` (the server said that it does not do this, or a single server has
 * no such member), `client` (the driver has no such
 * deed or answers by itself), `wrong` for anything else.
 */
export type Side = 'refused' | 'client' | 'wrong';

/** What a test finds amiss; its message is the reason in the report. */
export class SpecFailure extends Error {
  readonly side: Side;

  constructor(message: string, side: Side = 'wrong') {
    super(message);
    this.name = 'SpecFailure';
    this.side = side;
  }
}

/** Something a file asks for that this runner does not know: a failure, never a skip. */
export const unknownTo = (what: string) => new SpecFailure(`the runner does not know ${what}`);

/** Something a file asks for that the driver has no deed for. */
export const driverLacks = (what: string) => new SpecFailure(`the driver has no ${what}`, 'client');
