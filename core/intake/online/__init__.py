"""Workbooks of the cities as online sheets (Google Sheets). gspread and google-auth are loaded only when asked for."""
