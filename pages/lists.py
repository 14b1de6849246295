from pages._catalog import page
from pages._shell import open_page

desk = open_page(page("lists").title, page("lists").permission, "。")
