import { Double } from 'bson';
import { compareValues } from '../bson/order.ts';
import { CommandError, integerOf, numberOf, typeAlias } from '../bson/values.ts';
import {
  type Evaluate,
  isNullish,
  MANY,
  namedOperands,
  type Operator,
  type OperatorTable,
  over,
} from './operator.ts';
import { Deviation } from './statistics.ts';

/** $firstN and its kin over one array: `{n, input}`. */
const several =
  (code: number, pick: (values: unknown[], n: number) => unknown[]): Operator =>
  (operand, compiler, name) => {
    const named = namedOperands(operand, name, { required: ['n', 'input'] });
    const [n, input] = [compiler.compile(named['n']), compiler.compile(named['input'])];
    return (scope) => {
      const values = input(scope);
      const count = integerOf(n(scope));
      if (count === undefined)
        throw new CommandError(5787902, `Value for 'n' must be of integral type in ${name}`);
      if (count < 1) throw new CommandError(5787908, `'n' must be greater than 0, found ${count} in ${name}`);
      if (!Array.isArray(values))
        throw new CommandError(code, `Input must be an array in ${name}, found ${typeAlias(values)}`);
      return pick(values, count);
    };
  };

const present = (values: unknown[]): unknown[] => values.filter((value) => !isNullish(value));

const ordered = (sign: 1 | -1) => (values: unknown[], n: number) =>
  present(values)
    .sort((a, b) => compareValues(a, b) * sign)
    .slice(0, n);

const zip: Operator = (operand, compiler, name) => {
  const named = namedOperands(operand, name, {
    required: ['inputs'],
    optional: ['useLongestLength', 'defaults'],
  });
  const { inputs, defaults = [], useLongestLength = false } = named;
  if (!Array.isArray(inputs))
    throw new CommandError(34461, `inputs must be an array of expressions, found ${typeAlias(inputs)}`);
  if (inputs.length === 0) throw new CommandError(34465, '$zip requires at least one input array');
  if (typeof useLongestLength !== 'boolean') throw new CommandError(34463, 'useLongestLength must be a bool');
  if (!Array.isArray(defaults)) throw new CommandError(34462, 'defaults must be an array of expressions');
  if (defaults.length > 0 && !useLongestLength)
    throw new CommandError(34466, 'cannot specify defaults unless useLongestLength is true');
  if (defaults.length > 0 && defaults.length !== inputs.length)
    throw new CommandError(34467, 'defaults and inputs must have the same length');
  const arrays = inputs.map((each) => compiler.compile(each));
  const fillers: Evaluate[] = defaults.map((each) => compiler.compile(each));
  return (scope) => {
    const lists = arrays.map((array) => array(scope));
    if (lists.some(isNullish)) return null;
    const wrong = lists.find((list) => !Array.isArray(list));
    if (wrong !== undefined)
      throw new CommandError(34468, `$zip found a non-array expression in input: ${typeAlias(wrong)}`);
    const lengths = (lists as unknown[][]).map((list) => list.length);
    const length = useLongestLength ? Math.max(...lengths) : Math.min(...lengths);
    const filled = fillers.map((filler) => filler(scope) ?? null);
    return Array.from({ length }, (_, i) =>
      (lists as unknown[][]).map((list, k) => (i < list.length ? list[i] : (filled[k] ?? null))),
    );
  };
};

const deviation = (sample: boolean): Operator =>
  over(0, MANY, (values) => {
    const spread = new Deviation();
    for (const value of values.length === 1 && Array.isArray(values[0]) ? values[0] : values) {
      const n = numberOf(value);
      if (n !== undefined) spread.add(n);
    }
    const result = spread.result(sample);
    return result === null ? null : new Double(result);
  });

export const severalOperators: OperatorTable = {
  $firstN: several(5788200, (values, n) => values.slice(0, n)),
  $lastN: several(5788200, (values, n) => values.slice(-n)),
  $minN: several(5788900, ordered(1)),
  $maxN: several(5788900, ordered(-1)),
  $zip: zip,
  $stdDevPop: deviation(false),
  $stdDevSamp: deviation(true),
};
