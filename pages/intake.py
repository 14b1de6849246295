from pages._catalog import page
from pages._shell import open_page

desk = open_page(page("intake").title, page("intake").permission, "。")
