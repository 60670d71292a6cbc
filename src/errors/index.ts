export { AppError, invalidCursor, isAppError, toErrorBody, type ErrorBody } from './app-error.ts';
export { errorCodes, type ErrorCode, type FieldProblem } from './error-codes.ts';
export { fieldProblems, fromUnknown, isDuplicateKey } from './from-unknown.ts';
