/** Where MongoDB documents what follows: the manual's reference, from here on. */
export const manual = 'https://www.mongodb.com/docs/manual/reference/';

/**
 * Every command, stage and operator of MongoDB that the product may send, written by hand, each with its page in the manual. The
 * tests record what is really sent and hold it to this list both ways: nothing else is sent, and nothing here is never sent.
 * Before adding a line, see that MongoDB and the embedded engine do the same with it.
 */
export const allowed: Readonly<Record<string, string>> = {
  'command abortTransaction': 'command/abortTransaction/',
  'command aggregate': 'command/aggregate/',
  'command commitTransaction': 'command/commitTransaction/',
  'command create': 'command/create/',
  'command createIndexes': 'command/createIndexes/',
  'command delete': 'command/delete/',
  'command endSessions': 'command/endSessions/',
  'command find': 'command/find/',
  'command findAndModify': 'command/findAndModify/',
  'command getMore': 'command/getMore/',
  'command insert': 'command/insert/',
  'command listCollections': 'command/listCollections/',
  // GridFS sees to its indexes by itself.
  'command listIndexes': 'command/listIndexes/',
  'command update': 'command/update/',

  'index partialFilterExpression': 'command/createIndexes/',
  // GridFS again: of a file's chunks.
  'index unique': 'command/createIndexes/',

  'query $and': 'operator/query/and/',
  'query $eq': 'operator/query/eq/',
  'query $exists': 'operator/query/exists/',
  'query $expr': 'operator/query/expr/',
  'query $gt': 'operator/query/gt/',
  'query $gte': 'operator/query/gte/',
  'query $in': 'operator/query/in/',
  'query $lt': 'operator/query/lt/',
  'query $lte': 'operator/query/lte/',
  'query $ne': 'operator/query/ne/',
  'query $nin': 'operator/query/nin/',
  'query $or': 'operator/query/or/',
  'query $regex': 'operator/query/regex/',

  'update $addToSet': 'operator/update/addToSet/',
  'update $addToSet $each': 'operator/update/each/',
  'update $inc': 'operator/update/inc/',
  'update $max': 'operator/update/max/',
  'update $min': 'operator/update/min/',
  'update $pull': 'operator/update/pull/',
  'update $set': 'operator/update/set/',
  'update $setOnInsert': 'operator/update/setOnInsert/',
  'update $unset': 'operator/update/unset/',
  'update stage $set': 'operator/aggregation/set/',

  'stage $group': 'operator/aggregation/group/',
  'stage $limit': 'operator/aggregation/limit/',
  'stage $match': 'operator/aggregation/match/',
  'stage $sort': 'operator/aggregation/sort/',
  'stage $unwind': 'operator/aggregation/unwind/',

  'expression $$NOW': 'aggregation-variables/',
  'expression $add': 'operator/aggregation/add/',
  'expression $ifNull': 'operator/aggregation/ifNull/',
  'expression $lt': 'operator/aggregation/lt/',
  'expression $lte': 'operator/aggregation/lte/',
  'expression $max': 'operator/aggregation/max/',
  'expression $min': 'operator/aggregation/min/',
  'expression $sum': 'operator/aggregation/sum/',
};
