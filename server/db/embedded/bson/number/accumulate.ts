import { type Decimal128, Double, Int32, type Long } from 'bson';
import { numberOf, numberType } from '../values.ts';
import { calculate, divide, wholeNumber } from './arithmetic.ts';

/**
 * A sum over numbers of all types: whole numbers exactly, doubles with what rounding lost carried along, decimals as
 * decimals. Other values are passed over, as $sum and $avg do.
 */
export class Sum {
  count = 0;
  private whole = 0n;
  private long = false;
  private double: number | undefined;
  private lost = 0;
  private decimal: Decimal128 | undefined;

  add(value: unknown): void {
    const type = numberType(value);
    if (type === undefined) return;
    this.count += 1;
    if (type === 'decimal') {
      this.decimal = calculate('add', this.decimal ?? new Int32(0), value) as Decimal128;
    } else if (type === 'double') this.addDouble(numberOf(value)!);
    else {
      if (type === 'long') this.long = true;
      this.whole += type === 'int' ? BigInt(numberOf(value)!) : BigInt(String(value));
    }
  }

  private addDouble(n: number): void {
    const before = this.double ?? 0;
    const total = before + n;
    const carried = Math.abs(before) >= Math.abs(n) ? before - total + n : n - total + before;
    if (Number.isFinite(carried)) this.lost += carried;
    this.double = total;
  }

  /** int32 0 of nothing; what overflows int64 becomes double. */
  total(): Int32 | Long | Double | Decimal128 {
    const whole = this.wholeTotal();
    if (this.double === undefined && !this.decimal) return whole;
    const double = new Double((this.double ?? 0) + (Number.isFinite(this.double ?? 0) ? this.lost : 0));
    const inexact = this.double === undefined ? whole : calculate('add', whole, double);
    return this.decimal ? calculate('add', inexact, this.decimal) : inexact;
  }

  private wholeTotal(): Int32 | Long | Double {
    const fits = this.whole >= -(2n ** 63n) && this.whole < 2n ** 63n;
    return fits ? wholeNumber(this.whole, this.long ? 'long' : 'int') : new Double(Number(this.whole));
  }

  /** null of nothing; otherwise double, or decimal among decimals. */
  average(): Double | Decimal128 | null {
    return this.count === 0 ? null : divide(this.total(), new Int32(this.count));
  }
}
