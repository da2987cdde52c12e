/**
 * What every client of these functions is given. Its services answer in milliseconds: after this long another try is
 * quicker than waiting. Without `throwOnRequestTimeout` the SDK only warns of a request that takes too long.
 */
export const requestLimits = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    socketTimeout: 2_000,
    throwOnRequestTimeout: true,
  },
};
