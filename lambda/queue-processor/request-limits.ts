/**
 * What every client of these functions is given. The services answer in milliseconds: after this long another try is
 * quicker than waiting. Without `throwOnRequestTimeout` the SDK only warns of a request that takes too long.
 */
export const requestLimits = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_500, socketTimeout: 1_500, throwOnRequestTimeout: true },
};
