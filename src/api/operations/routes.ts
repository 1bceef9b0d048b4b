import type { Route } from '../route.js';
import { apiDocsRoutes } from './api-docs.js';
import { healthRoutes } from './health.js';
import { problemPageRoutes } from './problem-pages.js';
import type { OperationsServices } from './services.js';

/** Rows for whoever runs the service and whoever writes against it. */
export const operationsRoutes: readonly Route<OperationsServices>[] = [
  ...healthRoutes,
  ...apiDocsRoutes,
  ...problemPageRoutes,
];
